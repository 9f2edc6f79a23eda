package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What {@code DriverComparison} measured: the real driver with telemetry beside the same driver without. */
final class DriverSection {

    private static final List<String> MEASURES =
            List.of("open", "SELECT 1", "close", "whole cycle", "CPU of the calling thread");

    private final ResultFiles files;

    DriverSection(ResultFiles files) {
        this.files = files;
    }

    /** Nothing if it was not measured. */
    String text() throws IOException {
        Set<String> states = new LinkedHashSet<>();
        for (JsonNode row : files.read("driver")) {
            if (row.path("what").asText().equals("open")) {
                states.add(row.path("who").asText());
            }
        }
        if (states.isEmpty()) {
            return "";
        }
        Table ends = new Table("", "closing telemetry, ms", "end of the application, ms");
        for (String state : states) {
            JsonNode closing = files.row("driver", "closing telemetry", state);
            ends.row(
                    state,
                    closing.isMissingNode() ? "no last line within a minute" : Table.spread(closing),
                    Table.spread(files.row("driver", "end of the application", state)));
        }
        return """
                ## The real driver against a workspace on loopback

                In one process two data sources of the real driver take turns, cycle by cycle, in random order: one without
                telemetry, and one with ours or with the driver's own. A cycle is open, `SELECT 1`, close. The workspace is another
                process that only writes responses that are ready. HEALTHY, ERROR (500), HANG and REFUSE are the states of the telemetry
                endpoint; "none" compares the driver with itself, which shows the error of the method. Telemetry's own threads share
                the two processors with both. The data sources stay the same from warm-up to the last cycle, as in an
                application.

                Ratios are of the medians, with telemetry to without, with 95 % bootstrap intervals.

                ### Answers that come at once

                So that all the time is the driver's, and telemetry's cost is seen as large as it can be. Between two cycles the
                processor forgets our code as it forgets the driver's, so that it costs ten times what a loop of nothing else shows.

                """ + cycles("", states)
                + "\n### Answers that take "
                + Table.number(files.value("driver", "answers in time", "all"))
                + """
                 ms

                A warehouse nearby that has the result ready; a cycle is six requests.

                """
                + cycles("in time: ", states)
                + """

                ### The end of an application

                From the last line that a program prints, before it closes its telemetry, until the telemetry has closed, and
                until the process is gone; after a minute the process is killed. Before that line it opens and closes forty
                connections, one after the other: where the endpoint hangs, the driver's telemetry blocks the close of one of
                them until its request ends (`TelemetryClient.close` in a thread dump). Median of several, least and most. Ours
                sends its pending metrics, for up to the close-timeout of
                """.stripTrailing()
                + ' '
                + Table.number(files.value("driver", "close-timeout", "ours"))
                + " ms.\n\n"
                + ends
                + '\n';
    }

    private String cycles(String prefix, Set<String> states) throws IOException {
        Table ratios = new Table("", "open", "`SELECT 1`", "close", "whole cycle", "CPU of the calling thread");
        Table medians = new Table("median, ms: with / without", "open", "`SELECT 1`", "close", "whole cycle", "CPU");
        for (String state : states) {
            String[] ratio = new String[MEASURES.size() + 1];
            String[] median = new String[MEASURES.size() + 1];
            ratio[0] = state;
            median[0] = state;
            for (int i = 0; i < MEASURES.size(); i++) {
                String what = prefix + MEASURES.get(i);
                ratio[i + 1] = ratio(files.row("driver", what + ", ratio", state));
                median[i + 1] = Table.number(files.value("driver", what, state)) + " / "
                        + Table.number(files.value("driver", what + ", bare", state));
            }
            ratios.row(ratio);
            medians.row(median);
        }
        return ratios + "\n" + medians;
    }

    /** A ratio and its interval; nothing if it was not measured. */
    static String ratio(JsonNode row) {
        if (row.isMissingNode()) {
            return "";
        }
        return "%.3f (%.3f to %.3f)"
                .formatted(
                        row.path("value").asDouble(),
                        row.path("low").asDouble(),
                        row.path("high").asDouble());
    }
}
