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
                .doesNotContain("start of an application")
                .doesNotContain("missed");
    }

    @Test
    void saysNothingMoreOfATargetThatIsReached() throws IOException {
        writeStart(59, 60);

        assertThat(table())
                .contains("| start of an application, enabled, ms added within a round; to the median of all"
                        + " | \u2264 60 | 59 (50 to 70); 60 (40 to 80) |")
                .doesNotContain("missed");
    }

    @Test
    void marksATargetThatIsMissed() throws IOException {
        writeStart(61, 60);

        assertThat(table())
                .contains("| start of an application, enabled, ms added within a round; to the median of all"
                        + " | \u2264 60 | 61 (50 to 70); 60 (40 to 80), missed |");
    }

    @Test
    void bothMeasuresOfAStartMustReachIt() throws IOException {
        writeStart(59, 61);

        assertThat(table()).contains("59 (50 to 70); 61 (40 to 80), missed |");
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
                .contains("| CPU added to a statement, ns | \u2264 150 | 100 |")
                .contains("| bytes added to a statement | \u2264 320 | 248 |")
                .contains("| CPU that datasourceProxy adds, times ours | \u2265 5 | 6 |")
                .contains("| CPU that openTelemetry adds, times ours | \u2265 5 | 4, missed |");
    }

    private String table() throws IOException {
        return new Targets(new ResultFiles(results)).table();
    }

    private void writeStart(double withinRounds, double ofMedians) throws IOException {
        write(
                "start",
                row("start, added", "enabled", withinRounds, 50, 70),
                row("start, added to the median", "enabled", ofMedians, 40, 80));
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
