package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** The first table: the targets that can be told by a number. */
final class Targets {

    /** What a reader of the table asks where a target is missed. */
    private static final String REMARKS = """

            Of what is added to a statement, the floor is most: two clock reads, one event, one offer. Compare its row with the
            one above it; both move with the machine. With the real driver, two fifths of what is added to a cycle are questions
            to the driver's own objects, for the ids and counters that only it knows; they cost microseconds while the JVM still
            interprets them, and the stand-in answers in no time, so the ratio is the worst that can be seen. What a start takes
            more is the loading of classes and the binding of properties, so it scales with the start itself. At the end of an
            application the JVM's own end is included.
            """;

    private final ResultFiles files;

    Targets(ResultFiles files) {
        this.files = files;
    }

    /** What was to be reached, and what was. */
    String table() throws IOException {
        Table table = new Table("what", "target", "measured");
        List<JmhRow> paced = files.jmh("jdbc-paced").stream()
                .filter(row -> row.benchmark().equals("pointQuery"))
                .toList();
        if (!paced.isEmpty()) {
            JmhRow bare = Added.find(paced, "bare");
            JmhRow ours = Added.find(paced, "ours");
            table.row("CPU added to a statement, ns", "\u2264 150", Added.text(ours, bare, "cpu.callers"));
            table.row("bytes added to a statement", "\u2264 320", Added.text(ours, bare, "alloc.callers"));
            for (String peer : List.of("datasourceProxy", "openTelemetry")) {
                JmhRow row = Added.find(paced, peer);
                table.row(
                        "CPU that " + peer + " adds, times ours",
                        "\u2265 5",
                        Added.timesOurs(row, bare, ours, "cpu.callers"));
            }
        }
        List<JmhRow> wide = files.jmh("jdbc-1").stream()
                .filter(row -> row.benchmark().equals("wideRead")
                        && row.parameter("driver").equals("stub"))
                .toList();
        if (!wide.isEmpty()) {
            double ratio = Added.find(wide, "ours").secondary("cpu.callers")
                    / Added.find(wide, "bare").secondary("cpu.callers");
            table.row("reading 10,000 rows, CPU over bare", "1", Table.number(ratio));
        }
        measured(
                table,
                "throughput",
                "statements/s (two events each) without loss, accepted and aggregated, 1 producer",
                "ours, batches of 1,000",
                "\u2265 1,000,000");
        measured(
                table,
                "throughput",
                "statements/s (two events each) without loss, to bytes on a socket, 1 producer",
                "ours, batches of 1,000",
                "1,000,000 (stretch)");
        measured(table, "bytes", "bytes per ordinary statement, plain", "ours", "\u2264 700");
        measured(table, "bytes", "bytes per ordinary statement, gzip", "ours", "\u2264 150");
        measured(table, "footprint", "heap per statement in flight", "ours", "\u2264 1,024");
        for (String variant : List.of("enabled", "disabled")) {
            JsonNode added = files.row("start", "start, added", variant);
            if (!added.isMissingNode()) {
                table.row(
                        "start of an application, " + variant + ", ms added",
                        variant.equals("enabled") ? "\u2264 60" : "\u2264 10",
                        Table.spread(added));
            }
        }
        driver(table);
        for (JmhRow row : files.jmh("floor")) {
            if (row.benchmark().equals("floor") && row.parameter("pause").equals("0")) {
                table.row(
                        "the floor: two clock reads, an event, an offer; CPU ns", "", row.secondaryText("cpu.callers"));
            }
        }
        return "## Targets\n\n" + table + REMARKS;
    }

    private void driver(Table table) throws IOException {
        JsonNode worst = null;
        for (JsonNode row : files.read("driver")) {
            if (row.path("what").asText().equals("whole cycle, ratio")
                    && row.path("who").asText().startsWith("ours")
                    && (worst == null
                            || row.path("value").asDouble()
                                    > worst.path("value").asDouble())) {
                worst = row;
            }
        }
        if (worst == null) {
            return;
        }
        table.row(
                "real driver, `SELECT 1` with open and close: ratio to bare, worst state ("
                        + worst.path("who").asText() + ")",
                "< 1.01",
                "%.3f (%.3f to %.3f)"
                        .formatted(
                                worst.path("value").asDouble(),
                                worst.path("low").asDouble(),
                                worst.path("high").asDouble()));
        double timeout = files.value("driver", "close-timeout", "ours");
        table.row(
                "end of an application with a hanging endpoint, ms; the close-timeout is " + Table.number(timeout),
                "\u2264 " + Table.number(timeout + 100),
                Table.spread(files.row("driver", "end of the application", "ours, HANG")));
    }

    private void measured(Table table, String file, String what, String who, String target) throws IOException {
        double value = files.value(file, what, who);
        if (!Double.isNaN(value)) {
            table.row(what, target, Table.number(value));
        }
    }
}
