package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.databrickstelemetry.benchmarks.start.StartUpApplication;
import java.io.IOException;
import java.util.List;

/** The first table: the targets that are numbers, and whether one is missed. */
final class Targets {

    private static final double BYTES = 320;
    private static final double TIMES = 5;
    private static final double TRACED_TIMES_OPEN_TELEMETRY = 3;
    private static final double TRACED_TIMES_MICROMETER = 10;
    private static final double STATEMENTS = 1_000_000;
    private static final double INSIGHT_STATEMENTS = 200_000;
    private static final double PLAIN = 700;
    private static final double GZIP = 150;
    private static final double HEAP = 1_024;
    private static final double RATIO = 1.01;
    private static final double START_TIMES = 3;
    private static final double CLOSE_GRACE = 100;

    private final ResultFiles files;
    private final Table table = new Table("what", "target", "measured");

    Targets(ResultFiles files) {
        this.files = files;
    }

    /** Targets and measured values. */
    String table() throws IOException {
        statement();
        traced("openTelemetryTraced", TRACED_TIMES_OPEN_TELEMETRY);
        traced("datasourceMicrometerTraced", TRACED_TIMES_MICROMETER);
        wideRead();
        atLeast("accepted and aggregated", STATEMENTS, "\u2265 1,000,000");
        atLeast("to bytes on a socket", STATEMENTS, "1,000,000 (stretch)");
        insightThroughput();
        atMost("bytes", "bytes per ordinary statement, plain", PLAIN);
        atMost("bytes", "bytes per ordinary statement, gzip", GZIP);
        atMost("footprint", "heap per statement in flight", HEAP);
        start("datasource-micrometer's starter");
        start("OpenTelemetry's starter");
        driver("", "at once");
        driver("in time: ", "in " + Table.number(files.value("driver", "answers in time", "all")) + " ms");
        close();
        for (JmhRow row : files.jmh("floor")) {
            if (row.benchmark().equals("floor") && row.parameter("pause").equals("0")) {
                table.row(
                        "the floor: two clock reads, an event, an offer; CPU ns", "", row.secondaryText("cpu.callers"));
            }
        }
        return "## Targets\n\n" + table;
    }

    private void row(String what, String target, String measured, boolean reached) {
        if (measured.isEmpty()) {
            return;
        }
        table.row(what, target, reached ? measured : measured + ", missed");
    }

    private void statement() throws IOException {
        List<JmhRow> paced = files.jmh("jdbc-paced").stream()
                .filter(row -> row.benchmark().equals("pointQuery"))
                .toList();
        if (paced.isEmpty()) {
            return;
        }
        JmhRow bare = Added.find(paced, "bare");
        JmhRow ours = Added.find(paced, "ours");
        double cpu = added(ours, bare, "cpu.callers");
        table.row("CPU added to a statement, ns", "", Added.text(ours, bare, "cpu.callers"));
        row(
                "bytes added to a statement",
                "\u2264 " + Table.number(BYTES),
                Added.text(ours, bare, "alloc.callers"),
                added(ours, bare, "alloc.callers") <= BYTES);
        for (String peer : List.of("datasourceProxy", "openTelemetry")) {
            JmhRow theirs = Added.find(paced, peer);
            row(
                    "CPU that " + peer + " adds, times ours",
                    "\u2265 " + Table.number(TIMES),
                    Added.timesOurs(theirs, bare, ours, "cpu.callers"),
                    added(theirs, bare, "cpu.callers") >= TIMES * cpu);
        }
    }

    /** The same span, made by ours and by a peer, within a request whose trace is sampled. */
    private void traced(String peer, double times) throws IOException {
        List<JmhRow> rows = files.jmh("jdbc-traced");
        JmhRow bare = Added.find(rows, "bare");
        JmhRow ours = Added.find(rows, "oursTraced");
        JmhRow theirs = Added.find(rows, peer);
        row(
                "CPU that " + peer + " adds, times ours with a span",
                "\u2265 " + Table.number(times),
                Added.timesOurs(theirs, bare, ours, "cpu.callers"),
                added(theirs, bare, "cpu.callers") >= times * added(ours, bare, "cpu.callers"));
    }

    private static double added(JmhRow row, JmhRow bare, String what) {
        return row.secondary(what) - bare.secondary(what);
    }

    private void wideRead() throws IOException {
        for (String driver : List.of("stub", "h2")) {
            List<JmhRow> wide = files.jmh("jdbc-1").stream()
                    .filter(row -> row.benchmark().equals("wideRead")
                            && row.parameter("driver").equals(driver))
                    .toList();
            JmhRow ours = Added.find(wide, "ours");
            JmhRow bare = Added.find(wide, "bare");
            double ratio = ours.secondary("cpu.callers") / bare.secondary("cpu.callers");
            if (!Double.isNaN(ratio)) {
                double error = ratio * Math.hypot(ours.relativeError("cpu.callers"), bare.relativeError("cpu.callers"));
                row(
                        "reading 10,000 rows, " + driver + ", CPU over bare",
                        "1",
                        Table.number(ratio) + " \u00b1 " + Table.number(error),
                        ratio - error <= 1);
            }
        }
    }

    private void atLeast(String how, double target, String words) throws IOException {
        String what = "statements/s (two events each) without loss, " + how + ", 1 producer";
        double value = files.value("throughput", what, "ours, batches of 1,000");
        if (!Double.isNaN(value)) {
            row(what, words, Table.number(value), value >= target);
        }
    }

    private void insightThroughput() throws IOException {
        double value = files.value(
                "throughput",
                "statements/s (two events each) without loss, with spans, meters and recent statements, 1 producer",
                "ours, batches of 1,000");
        if (!Double.isNaN(value)) {
            row(
                    "statements/s with spans, meters and recent statements, 1 producer",
                    "\u2265 200,000",
                    Table.number(value),
                    value >= INSIGHT_STATEMENTS);
        }
    }

    private void atMost(String file, String what, double target) throws IOException {
        double value = files.value(file, what, "ours");
        if (!Double.isNaN(value)) {
            row(what, "\u2264 " + Table.number(target), Table.number(value), value <= target);
        }
    }

    private void start(String peer) throws IOException {
        String what = StartUpApplication.BOTH + ", added";
        double ours = files.value("start", what, "ours");
        double theirs = files.value("start", what, peer);
        if (!Double.isNaN(ours) && !Double.isNaN(theirs)) {
            row(
                    "start and first connection: what " + peer + " adds, ms; ours",
                    "\u2265 " + Table.number(START_TIMES) + " times ours",
                    Table.number(theirs) + "; " + Table.number(ours),
                    theirs >= START_TIMES * ours);
        }
    }

    private void driver(String prefix, String answers) throws IOException {
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
            row(
                    "real driver, `SELECT 1` with open and close, answers " + answers + ": ratio to bare, worst state ("
                            + worst.path("who").asText() + ")",
                    "< " + Table.number(RATIO),
                    DriverSection.ratio(worst),
                    worst.path("value").asDouble() < RATIO);
        }
    }

    private void close() throws IOException {
        double timeout = files.value("driver", "close-timeout", "ours");
        JsonNode closing = files.row("driver", "closing telemetry", "ours, HANG");
        if (!Double.isNaN(timeout) && !closing.isMissingNode()) {
            row(
                    "closing telemetry with a hanging endpoint, ms; the close-timeout is " + Table.number(timeout),
                    "\u2264 " + Table.number(timeout + CLOSE_GRACE),
                    Table.spread(closing),
                    closing.path("value").asDouble() <= timeout + CLOSE_GRACE);
        }
    }
}
