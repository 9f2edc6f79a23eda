package io.github.databrickstelemetry.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class GuardTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(GuardTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Guard guard = new Guard(logger);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.TRACE);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void detach() {
        logger.detachAppender(lines);
    }

    @Test
    void swallowsAndCountsEveryFailure() {
        assertThatCode(() -> {
                    guard.run("a test", () -> {
                        throw new StackOverflowError();
                    });
                    guard.run("a test", () -> {
                        throw new Exception("checked");
                    });
                })
                .doesNotThrowAnyException();
        assertThat(guard.count()).isEqualTo(2);
    }

    @Test
    void logsTheClassAtDebugAndNeverTheMessage() {
        guard.run("a test", () -> {
            throw new IllegalStateException("SELECT secret FROM t", new RuntimeException("dapi123"));
        });
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.DEBUG);
            assertThat(line.getFormattedMessage())
                    .isEqualTo("Telemetry failed in a test and was ignored: java.lang.IllegalStateException");
            assertThat(line.getThrowableProxy()).isNull();
        });
    }

    @Test
    void keepsAnInterruptVisible() {
        guard.run("a test", () -> {
            throw new InterruptedException();
        });
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void survivesALoggerThatThrows() {
        Guard broken = new Guard((org.slf4j.Logger) java.lang.reflect.Proxy.newProxyInstance(
                GuardTest.class.getClassLoader(),
                new Class<?>[] {org.slf4j.Logger.class},
                (proxy, method, arguments) -> {
                    throw new IllegalStateException("no logging today");
                }));
        assertThatCode(() -> broken.swallowed("a test", new RuntimeException())).doesNotThrowAnyException();
        assertThat(broken.count()).isEqualTo(1);
    }
}
