package io.github.databrickstelemetry.benchmarks.report;

import java.io.IOException;
import java.util.List;

/** The first table: the targets that can be told by a number. */
final class Targets {

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
                "statements/s without loss, accepted and aggregated, 1 producer",
                "ours",
                "1,000,000");
        measured(
                table,
                "throughput",
                "statements/s without loss, to bytes on a socket, 1 producer",
                "ours",
                "1,000,000");
        measured(table, "bytes", "bytes per statement, plain", "ours", "\u2264 700");
        measured(table, "bytes", "bytes per statement, gzip", "ours", "\u2264 150");
        measured(table, "footprint", "heap per statement in flight", "ours", "\u2264 1,024");
        double start = files.value("start", "start", "enabled") - files.value("start", "start", "without the starter");
        if (!Double.isNaN(start)) {
            table.row("start of an application, ms added", "\u2264 60", Table.number(start));
        }
        for (JmhRow row : files.jmh("floor")) {
            if (row.benchmark().equals("floor") && row.parameter("pause").equals("0")) {
                table.row(
                        "the floor: two clock reads, an event, an offer; CPU ns", "", row.secondaryText("cpu.callers"));
            }
        }
        return "## Targets\n\n" + table;
    }

    private void measured(Table table, String file, String what, String who, String target) throws IOException {
        double value = files.value(file, what, who);
        if (!Double.isNaN(value)) {
            table.row(what, target, Table.number(value));
        }
    }
}
