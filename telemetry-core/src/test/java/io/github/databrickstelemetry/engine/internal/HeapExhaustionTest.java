package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.testing.StubServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application whose heap is full for seconds, in a JVM of its own. */
class HeapExhaustionTest {

    /** By hand, {@code -Dexhaustion.seconds=30} takes the time that was observed in production. */
    private static final String SECONDS = System.getProperty("exhaustion.seconds", "8");

    private static final Pattern EVENT_ID = Pattern.compile("\"frontend_log_event_id\\\\*\":\\\\*\"([^\"\\\\]+)");

    @TempDir
    Path directory;

    private final StubServer workspace = StubServer.http();

    private static StubServer.Answer answer(StubServer.Request request) {
        return StubServer.Answer.of(
                200,
                request.path().contains("/feature-flags/")
                        ? "{\"flags\":[{\"name\":\"" + FeatureFlagSettings.DEFAULT_NAME
                                + "\",\"value\":\"true\"}],\"ttl_seconds\":60}"
                        : "{}");
    }

    private Set<String> receivedIds() {
        Set<String> ids = new HashSet<>();
        for (StubServer.Request request : workspace.requests()) {
            Matcher id = EVENT_ID.matcher(request.text());
            while (id.find()) {
                ids.add(id.group(1));
            }
        }
        return ids;
    }

    private static long sum(List<String> lines, String what) {
        return lines.stream()
                .filter(line -> line.startsWith(what + "="))
                .mapToLong(line -> Long.parseLong(line.substring(what.length() + 1)))
                .sum();
    }

    @Test
    void deliversAgainAfterTheHeapWasFullForSeconds() throws IOException, InterruptedException {
        workspace.answering(HeapExhaustionTest::answer);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ExhaustedApplication.class.getName(),
                        Integer.toString(workspace.port()),
                        SECONDS)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(application.waitFor(110, TimeUnit.SECONDS))
                    .as(() -> lines(out) + " " + lines(err))
                    .isTrue();
        } finally {
            application.destroyForcibly();
            workspace.close();
        }
        List<String> said = lines(out);
        assertThat(lines(err)).isEmpty();
        assertThat(said).contains("finished=true");
        assertThat(sum(said, "out of memory")).isGreaterThan(5);
        assertThat(sum(said, "started")).isZero();
        assertThat(sum(said, "open")).isZero();
        // What counts as delivered has arrived. More may have arrived, where the response found no memory.
        assertThat((long) receivedIds().size()).isGreaterThanOrEqualTo(sum(said, "delivered"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
