package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The first table: the targets that can be told by a number. */
final class Targets {

    private static final double CPU = 150;
    private static final double RATIO = 1.01;
    private static final double START_ENABLED = 60;
    private static final double START_DISABLED = 10;

    private final ResultFiles files;
    /** What a reader of the table asks where a target is missed; nothing where none is. */
    private final Set<String> remarks = new LinkedHashSet<>();

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
            table.row(
                    "CPU added to a statement, ns",
                    "\u2264 " + Table.number(CPU),
                    Added.text(ours, bare, "cpu.callers"));
            if (ours.secondary("cpu.callers") - bare.secondary("cpu.callers") > CPU
                    && !files.jmh("floor").isEmpty()) {
                remarks.add("The floor is two clock reads, one event and one offer, measured alone: "
                        + "compare its row with the CPU added to a statement.");
            }
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
        start(table, "enabled", START_ENABLED);
        start(table, "disabled", START_DISABLED);
        driver(table, "", "at once");
        driver(table, "in time: ", "in " + Table.number(files.value("driver", "answers in time", "all")) + " ms");
        end(table);
        for (JmhRow row : files.jmh("floor")) {
            if (row.benchmark().equals("floor") && row.parameter("pause").equals("0")) {
                table.row(
                        "the floor: two clock reads, an event, an offer; CPU ns", "", row.secondaryText("cpu.callers"));
            }
        }
        return "## Targets\n\n" + table + (remarks.isEmpty() ? "" : "\n" + String.join("\n", remarks) + "\n");
    }

    private void start(Table table, String variant, double target) throws IOException {
        JsonNode added = files.row("start", "start, added", variant);
        if (added.isMissingNode()) {
            return;
        }
        table.row(
                "start of an application, " + variant + ", ms added",
                "\u2264 " + Table.number(target),
                Table.spread(added));
        if (added.path("value").asDouble() > target) {
            remarks.add("What a start takes more is the difference between starts in pairs, one with and one without.");
        }
    }

    private void driver(Table table, String prefix, String answers) throws IOException {
        JsonNode worst = null;
        for (JsonNode row : files.read("driver")) {
            if (row.path("what").asText().equals(prefix + "whole cycle, ratio")
                    && row.path("who").asText().startsWith("ours")
                    && (worst == null
                            || row.path("value").asDouble()
                                    > worst.path("value").asDouble())) {
                worst = row;
            }
        }
        if (worst != null) {
            table.row(
                    "real driver, `SELECT 1` with open and close, answers " + answers + ": ratio to bare, worst state ("
                            + worst.path("who").asText() + ")",
                    "< " + Table.number(RATIO),
                    "%.3f (%.3f to %.3f)"
                            .formatted(
                                    worst.path("value").asDouble(),
                                    worst.path("low").asDouble(),
                                    worst.path("high").asDouble()));
        }
    }

    private void end(Table table) throws IOException {
        double timeout = files.value("driver", "close-timeout", "ours");
        JsonNode end = files.row("driver", "closing telemetry", "ours, HANG");
        if (!Double.isNaN(timeout) && !end.isMissingNode()) {
            table.row(
                    "closing telemetry with a hanging endpoint, ms; the close-timeout is " + Table.number(timeout),
                    "\u2264 " + Table.number(timeout + 100),
                    Table.spread(end));
        }
    }

    private void measured(Table table, String file, String what, String who, String target) throws IOException {
        double value = files.value(file, what, who);
        if (!Double.isNaN(value)) {
            table.row(what, target, Table.number(value));
        }
    }
}
