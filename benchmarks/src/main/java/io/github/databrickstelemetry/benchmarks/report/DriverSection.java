package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What {@code DriverComparison} measured: the real driver beside itself, with telemetry and without. */
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
        Table ratios = new Table("", "open", "`SELECT 1`", "close", "whole cycle", "CPU of the calling thread");
        Table medians = new Table("median, ms: with / without", "open", "`SELECT 1`", "close", "whole cycle", "CPU");
        Table ends = new Table("", "end of the application, ms");
        for (String state : states) {
            String[] ratio = new String[MEASURES.size() + 1];
            String[] median = new String[MEASURES.size() + 1];
            ratio[0] = state;
            median[0] = state;
            for (int i = 0; i < MEASURES.size(); i++) {
                String what = MEASURES.get(i);
                ratio[i + 1] = ratio(files.row("driver", what + ", ratio", state));
                median[i + 1] = Table.number(files.value("driver", what, state)) + " / "
                        + Table.number(files.value("driver", what + ", bare", state));
            }
            ratios.row(ratio);
            medians.row(median);
            ends.row(state, Table.spread(files.row("driver", "end of the application", state)));
        }
        return """
                ## The real driver against a workspace on loopback

                In one process two data sources of the real driver take turns, cycle by cycle, in random order: one without
                telemetry, and one with ours or with the driver's own. A cycle is open, `SELECT 1`, close. The workspace is another
                process that does nothing but write answers that are ready, so that all the time is the driver's; a real warehouse
                takes tens of milliseconds for the same. HEALTHY, ERROR (500), HANG and REFUSE are the states of the telemetry
                endpoint; "none" compares the driver with itself, which shows what the method can tell apart. What telemetry does
                in the background shares the two processors with both.

                Ratio of the medians, with telemetry to without, and its 95 % bootstrap interval:

                """ + ratios
                + '\n'
                + medians
                + """

                From the last word of a program, spoken before it ends its telemetry, until the process is gone, the JVM's own end
                included; after two minutes it is ended by force. Ours sends what it has, for up to the close-timeout of
                """.stripTrailing()
                + ' '
                + Table.number(files.value("driver", "close-timeout", "ours"))
                + " ms.\n\n"
                + ends
                + '\n';
    }

    private static String ratio(JsonNode row) {
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
