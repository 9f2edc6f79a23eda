package io.github.databrickstelemetry.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetsTest {

    @TempDir
    Path results;

    @Test
    void leavesOutWhatWasNotMeasured() throws IOException {
        assertThat(table())
                .doesNotContain("|  |")
                .doesNotContain("start and first connection")
                .doesNotContain("missed");
    }

    @Test
    void saysNothingMoreOfATargetThatIsReached() throws IOException {
        writeStart(100, 300);

        assertThat(table())
                .contains("| start and first connection: what OpenTelemetry's starter adds, ms; ours"
                        + " | \u2265 3 times ours | 300; 100 |")
                .doesNotContain("missed");
    }

    @Test
    void marksATargetThatIsMissed() throws IOException {
        writeStart(101, 300);

        assertThat(table()).contains("| \u2265 3 times ours | 300; 101, missed |");
    }

    @Test
    void takesTheWorstStateOfTheDriver() throws IOException {
        write(
                "driver",
                row("whole cycle, ratio", "ours, HEALTHY", 1.001, 1, 1.002),
                row("whole cycle, ratio", "ours, HANG", 1.005, 1, 1.01),
                row("whole cycle, ratio", "driver, HANG", 3, 2, 4));

        assertThat(table())
                .contains("(ours, HANG) | < 1.01 | 1.005 (1.000 to 1.010) |")
                .doesNotContain("missed");
    }

    @Test
    void comparesWithThePeersOfTheSameRun() throws IOException {
        write(
                "jdbc-paced",
                jmh("bare", 1_000, 0),
                jmh("ours", 1_100, 248),
                jmh("datasourceProxy", 1_600, 1_700),
                jmh("openTelemetry", 1_400, 2_000));

        assertThat(table())
                .contains("| CPU added to a statement, ns |  | 100 |")
                .contains("| bytes added to a statement | \u2264 320 | 248 |")
                .contains("| CPU that datasourceProxy adds, times ours | \u2265 5 | 6 |")
                .contains("| CPU that openTelemetry adds, times ours | \u2265 5 | 4, missed |");
    }

    @Test
    void comparesTheSameSpanWithThePeersOfTheSameRun() throws IOException {
        write(
                "jdbc-traced",
                jmh("bare", 10_000, 0),
                jmh("oursTraced", 10_200, 300),
                jmh("openTelemetryTraced", 10_800, 2_000),
                jmh("datasourceMicrometerTraced", 11_800, 4_000));

        assertThat(table())
                .contains("| CPU that openTelemetryTraced adds, times ours with a span | \u2265 3 | 4 |")
                .contains(
                        "| CPU that datasourceMicrometerTraced adds, times ours with a span | \u2265 10 | 9, missed |");
    }

    private String table() throws IOException {
        return new Targets(new ResultFiles(results)).table();
    }

    private void writeStart(double ours, double theirs) throws IOException {
        write(
                "start",
                row("start and first connection, added", "ours", ours, 50, 150),
                row("start and first connection, added", "OpenTelemetry's starter", theirs, 200, 400));
    }

    private void write(String name, String... rows) throws IOException {
        Files.writeString(results.resolve(name + ".json"), "[" + String.join(",", rows) + "]");
    }

    private static String row(String what, String who, double value, double low, double high) {
        return "{\"what\":\"%s\",\"who\":\"%s\",\"value\":%s,\"low\":%s,\"high\":%s}"
                .formatted(what, who, value, low, high);
    }

    private static String jmh(String instrumentation, double cpu, double bytes) {
        return """
                {"benchmark":"x.JdbcBenchmark.pointQuery","threads":1,"params":{"instrumentation":"%s","driver":"stub"},
                "secondaryMetrics":{"cpu.callers":{"score":%s},"alloc.callers":{"score":%s}}}""".formatted(instrumentation, cpu, bytes);
    }
}
