package io.github.databrickstelemetry.insight;

import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.LocalDetails;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Sums over all statements of each data source since the start: counts, phases and a histogram of the execute call.
 * Counts only grow. Has one writer, the engine's worker; may be read by any thread. Bounded to 100 data sources.
 */
public final class StatementTotals implements TelemetryListener {

    /** The histogram's upper bounds in milliseconds. */
    private static final long[] BOUNDS = {1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 30_000, 60_000, 300_000};

    private final BoundedNames names = new BoundedNames();
    private final Map<String, Totals> byDataSource = new ConcurrentHashMap<>();

    @Override
    public void onStatement(String host, StatementMetric metric, LocalDetails local) {
        of(local.dataSource().name()).add(new FinishedStatement(host, metric, local));
    }

    /** The totals of a data source, which is known from now on. */
    public Totals of(String dataSource) {
        return byDataSource.computeIfAbsent(name(dataSource), name -> new Totals());
    }

    /** The name under which a data source is counted: its own, or {@code other} beyond the bound. */
    public String name(String dataSource) {
        return names.bound(dataSource);
    }

    /** The totals by the data source's name. */
    public Map<String, Totals> byDataSource() {
        return new TreeMap<>(byDataSource);
    }

    /** The upper bounds of the execute call's histogram in milliseconds. */
    public static long[] boundsMillis() {
        return BOUNDS.clone();
    }

    /** The totals of one data source. */
    public static final class Totals {

        private static final int FINISHED = 0;
        private static final int FAILED = 1;
        private static final int EXECUTE = 2;
        private static final int POLL = 3;
        private static final int DOWNLOAD = 4;
        private static final int CONSUME = 5;
        private static final int FIRST_BUCKET = 6;

        private final AtomicLongArray values = new AtomicLongArray(FIRST_BUCKET + BOUNDS.length + 1);

        private Totals() {}

        private void add(FinishedStatement statement) {
            add(FINISHED, 1);
            add(FAILED, statement.failed() ? 1 : 0);
            add(EXECUTE, statement.executeNanos());
            add(POLL, statement.pollNanos());
            add(DOWNLOAD, statement.downloadNanos());
            add(CONSUME, statement.consumeNanos());
            add(FIRST_BUCKET + bucket(statement.executeNanos()), 1);
        }

        /** There is one writer. */
        private void add(int index, long amount) {
            values.setRelease(index, values.getPlain(index) + amount);
        }

        private static int bucket(long nanos) {
            long millis = (nanos + 999_999) / 1_000_000;
            int found = Arrays.binarySearch(BOUNDS, millis);
            return found >= 0 ? found : -found - 1;
        }

        /** Statements that ended, failed ones included. */
        public long finished() {
            return values.get(FINISHED);
        }

        /** Statements that failed. */
        public long failed() {
            return values.get(FAILED);
        }

        /** Nanoseconds in the execute call. */
        public long executeNanos() {
            return values.get(EXECUTE);
        }

        /** Nanoseconds in status polls. */
        public long pollNanos() {
            return values.get(POLL);
        }

        /** Nanoseconds of chunk downloads. */
        public long downloadNanos() {
            return values.get(DOWNLOAD);
        }

        /** Nanoseconds from the return of the execute call until the last row was read. */
        public long consumeNanos() {
            return values.get(CONSUME);
        }

        /** Statements by the execute call's duration: one count for each bound, and one above the last. */
        public long[] buckets() {
            long[] buckets = new long[BOUNDS.length + 1];
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = values.get(FIRST_BUCKET + i);
            }
            return buckets;
        }
    }
}
