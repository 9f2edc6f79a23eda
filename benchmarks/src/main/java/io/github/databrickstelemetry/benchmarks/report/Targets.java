package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The first table: the targets that can be told by a number, and why one is missed where it is. */
final class Targets {

    private static final double CPU = 150;
    private static final double BYTES = 320;
    private static final double TIMES = 5;
    private static final double STATEMENTS = 1_000_000;
    private static final double PLAIN = 700;
    private static final double GZIP = 150;
    private static final double HEAP = 1_024;
    private static final double RATIO = 1.01;
    private static final double START_ENABLED = 60;
    private static final double START_DISABLED = 10;
    private static final double CLOSE_GRACE = 100;

    private static final String WHY_CPU = """
            The floor, in the last row, is two clock readings, one event and one offer, measured alone; where it was 57.8 ns, on \
            2026-11-23 on a faster machine, a statement took 126. A statement is two events, each of which is counted and can \
            be lost for itself; that is what the accounts are made of.""";
    private static final String WHY_TIMES = """
            Ours reads the clock twice (25 ns each here), offers two events, and allocates what it holds in them; a listener \
            of a proxy gets its objects and nobody takes them anywhere. One event for a statement instead of two would halve \
            the rest, and nothing would be known of statements that never end.""";
    private static final String WHY_SOCKET = """
            With batches of 1,000 a statement takes 2 \u00b5s of CPU from the emit to the socket, 0.6 of it to be encoded, and \
            the receiver is on the same two processors. With the default batches of 100 the request outweighs the rest.""";
    private static final String WHY_DRIVER = """
            Nearly all of it is code and data that the driver's own work has pushed out of the processor's caches: the same calls \
            once more, right after, take a tenth. Where a bare cycle took 3,500 \u00b5s, a profile of 24,000 cycles of each in \
            turns (2026-11-26) found 40 of ours: opening 19 (the proxy around a data source that is no pool 6, the session's \
            event and id 7, telling it from others 6), the statement 11 (8 of them what the driver forgets of an execution), its \
            close 4, the connection's close 6. It was 55 before, with Spring's reflection and all known sessions in the opening. A \
            driver also opens a connection the slower the deeper it is called, as it fills in stack traces: 0.4 % for twelve \
            frames, measured alone; ours are six.""";
    private static final String WHY_START_ENABLED = """
            All of it is Java that runs for the first time: some 80 classes, each of which the JVM loads, verifies and interprets, \
            and three beans, for each of which Spring takes its steps. By profile (40 starts of each in turns, 2026-11-26) our \
            code takes 26 ms of the starting thread's CPU more than disabled, 10 of them for classes, and Spring's reading of two \
            configuration classes some 11; it was 33 and 11 with six beans, and 124 in all while the engine, its HTTP and its \
            exporters were made at the start. The start of an application keeps both processors busy, ours and what the JVM \
            compiles, so that the clock sees more than the thread. Whatever only a connection needs is left to the first \
            connection, which the table of the start shows as well. The peers' starters add ten and twenty times as much.""";
    private static final String WHY_START_DISABLED = """
            Two of our classes are loaded, neither of which does anything but look at properties, and Spring reads none of our \
            configurations. What is there in any case are seven jars more on the class path, to be opened and to be looked into \
            for what is elsewhere. What those cost can be told by ten copies of each, in the table of the start; how far apart \
            two single starts are is mostly the machine.""";
    private static final String WHY_CLOSE =
            "The worker stops an eighth of the timeout, at most 100 ms, before its end.";

    private final ResultFiles files;
    private final Table table = new Table("what", "target", "measured");
    private final List<String> missed = new ArrayList<>();

    Targets(ResultFiles files) {
        this.files = files;
    }

    /** What was to be reached, and what was. */
    String table() throws IOException {
        statement();
        wideRead();
        atLeast("accepted and aggregated", STATEMENTS, "\u2265 1,000,000", "");
        atLeast("to bytes on a socket", STATEMENTS, "1,000,000 (stretch)", WHY_SOCKET);
        atMost("bytes", "bytes per ordinary statement, plain", PLAIN);
        atMost("bytes", "bytes per ordinary statement, gzip", GZIP);
        atMost("footprint", "heap per statement in flight", HEAP);
        start("enabled", START_ENABLED, WHY_START_ENABLED);
        start("disabled", START_DISABLED, WHY_START_DISABLED);
        driver("", "at once");
        driver("in time: ", "in " + Table.number(files.value("driver", "answers in time", "all")) + " ms");
        close();
        for (JmhRow row : files.jmh("floor")) {
            if (row.benchmark().equals("floor") && row.parameter("pause").equals("0")) {
                table.row(
                        "the floor: two clock reads, an event, an offer; CPU ns", "", row.secondaryText("cpu.callers"));
            }
        }
        return "## Targets\n\n" + table
                + (missed.isEmpty() ? "" : "\nWhere one is missed:\n\n- " + String.join("\n- ", missed) + "\n");
    }

    private void row(String what, String target, String measured, boolean reached, String why) {
        if (measured.isEmpty()) {
            return;
        }
        table.row(what, target, measured);
        if (!reached && !why.isEmpty()) {
            missed.add(what + ": " + why);
        }
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
        row(
                "CPU added to a statement, ns",
                "\u2264 " + Table.number(CPU),
                Added.text(ours, bare, "cpu.callers"),
                cpu <= CPU,
                WHY_CPU);
        row(
                "bytes added to a statement",
                "\u2264 " + Table.number(BYTES),
                Added.text(ours, bare, "alloc.callers"),
                added(ours, bare, "alloc.callers") <= BYTES,
                "");
        for (String peer : List.of("datasourceProxy", "openTelemetry")) {
            JmhRow theirs = Added.find(paced, peer);
            row(
                    "CPU that " + peer + " adds, times ours",
                    "\u2265 " + Table.number(TIMES),
                    Added.timesOurs(theirs, bare, ours, "cpu.callers"),
                    added(theirs, bare, "cpu.callers") >= TIMES * cpu,
                    WHY_TIMES);
        }
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
                        ratio - error <= 1,
                        "");
            }
        }
    }

    private void atLeast(String how, double target, String words, String why) throws IOException {
        String what = "statements/s (two events each) without loss, " + how + ", 1 producer";
        double value = files.value("throughput", what, "ours, batches of 1,000");
        if (!Double.isNaN(value)) {
            row(what, words, Table.number(value), value >= target, why);
        }
    }

    private void atMost(String file, String what, double target) throws IOException {
        double value = files.value(file, what, "ours");
        if (!Double.isNaN(value)) {
            row(what, "\u2264 " + Table.number(target), Table.number(value), value <= target, "");
        }
    }

    private void start(String variant, double target, String why) throws IOException {
        JsonNode added = files.row("start", "start, added", variant);
        JsonNode medians = files.row("start", "start, added to the median", variant);
        if (!added.isMissingNode() && !medians.isMissingNode()) {
            row(
                    "start of an application, " + variant + ", ms added within a round; to the median of all",
                    "\u2264 " + Table.number(target),
                    Table.spread(added) + "; " + Table.spread(medians),
                    added.path("value").asDouble() <= target
                            && medians.path("value").asDouble() <= target,
                    why);
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
                    worst.path("value").asDouble() < RATIO,
                    WHY_DRIVER);
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
                    closing.path("value").asDouble() <= timeout + CLOSE_GRACE,
                    WHY_CLOSE);
        }
    }
}
