package io.github.databrickstelemetry.benchmarks.report;

import java.util.List;

/** What an instrumentation adds to the bare statement. */
final class Added {

    private Added() {}

    /** The row of an instrumentation; an empty row if it was not measured. */
    static JmhRow find(List<JmhRow> rows, String instrumentation) {
        return rows.stream()
                .filter(row -> row.parameter("instrumentation").equals(instrumentation))
                .findFirst()
                .orElse(JmhRow.NONE);
    }

    static String text(JmhRow row, JmhRow bare, String metric) {
        return row.equals(bare) ? "" : Table.number(row.secondary(metric) - bare.secondary(metric));
    }

    /** What a peer adds, in multiples of what ours adds; empty for ours. */
    static String timesOurs(JmhRow row, JmhRow bare, JmhRow ours, String metric) {
        double addedByOurs = ours.secondary(metric) - bare.secondary(metric);
        double added = row.secondary(metric) - bare.secondary(metric);
        String name = row.parameter("instrumentation");
        boolean peer = !name.equals("bare") && !name.startsWith("ours");
        return peer && addedByOurs > 0 ? Table.number(added / addedByOurs) : "";
    }
}
