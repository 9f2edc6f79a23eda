package io.github.databrickstelemetry.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class TelemetryThreadsTest {

    @Test
    void makesNamedDaemonsThatKeepNoApplicationAlive() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
        try (URLClassLoader application = new URLClassLoader(new URL[0])) {
            Thread.currentThread().setContextClassLoader(application);
            inherited.set("of the caller");
            String[] seen = new String[1];

            Thread thread = new TelemetryThreads("test").newThread(() -> seen[0] = inherited.get());
            thread.start();
            thread.join();

            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo("databricks-telemetry-test-1");
            assertThat(thread.getContextClassLoader()).isNotSameAs(application);
            assertThat(seen[0]).isNull();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            inherited.remove();
        }
    }
}
