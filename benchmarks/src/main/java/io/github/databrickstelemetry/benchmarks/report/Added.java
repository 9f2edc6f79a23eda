package io.github.databrickstelemetry.benchmarks.report;

import java.util.List;

/** What an instrumentation adds to the bare statement. */
final class Added {

    private Added() {}

    /** The row of an instrumentation, or the first if there is none. */
    static JmhRow find(List<JmhRow> rows, String instrumentation) {
        return rows.stream()
                .filter(row -> row.parameter("instrumentation").equals(instrumentation))
                .findFirst()
                .orElse(rows.get(0));
    }

    static String text(JmhRow row, JmhRow bare, String metric) {
        return row.equals(bare) ? "" : Table.number(row.secondary(metric) - bare.secondary(metric));
    }

    /** What a peer adds, in multiples of what ours adds. */
    static String timesOurs(JmhRow row, JmhRow bare, JmhRow ours, String metric) {
        double addedByOurs = ours.secondary(metric) - bare.secondary(metric);
        double added = row.secondary(metric) - bare.secondary(metric);
        boolean peer = !List.of("bare", "ours", "oursDisabled").contains(row.parameter("instrumentation"));
        return peer && addedByOurs > 0 ? Table.number(added / addedByOurs) : "";
    }
}
