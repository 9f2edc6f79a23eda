package io.github.databrickstelemetry.insight;

import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.LocalDetails;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The slowest statements of the last 15 minutes, and the last failed ones. Has one writer, the engine's worker, which
 * takes no lock; may be read by any thread. Bounded: as many slow statements for each of 16 minutes as are shown.
 */
public final class RecentStatements implements TelemetryListener {

    private static final int MINUTES = 15;
    private static final Comparator<RecentStatement> SLOWEST_FIRST = Comparator.comparingLong(
                    (RecentStatement recent) -> recent.statement().durationNanos())
            .reversed();

    private final int max;
    private final TraceContexts traces;
    private final LongSupplier nanoTime;
    // One more than are shown, as the current minute has just begun.
    private final AtomicReferenceArray<@Nullable Minute> minutes = new AtomicReferenceArray<>(MINUTES + 1);

    /** Newest first. Replaced, never changed. */
    private volatile List<RecentStatement> failed = List.of();

    /**
     * A statement as the endpoint shows it later. Immutable; holds no trace context.
     *
     * @param traceId the trace it belongs to, or null
     * @param finishedNanos when it finished, by the monotonic clock
     */
    public record RecentStatement(
            FinishedStatement statement, @Nullable String traceId, long finishedNanos) {}

    /** The slowest statements of a minute, slowest first. Replaced, never changed. */
    private record Minute(long number, List<RecentStatement> slowest) {}

    /** @param max how many of each are kept; 0 keeps none */
    public RecentStatements(int max, TraceContexts traces) {
        this(max, traces, System::nanoTime);
    }

    RecentStatements(int max, TraceContexts traces, LongSupplier nanoTime) {
        this.max = max;
        this.traces = traces;
        this.nanoTime = nanoTime;
    }

    @Override
    public void onStatement(String host, StatementMetric metric, LocalDetails local) {
        if (max == 0) {
            return;
        }
        FinishedStatement statement = new FinishedStatement(host, metric, local);
        long now = nanoTime.getAsLong();
        long number = Math.floorDiv(now, TimeUnit.MINUTES.toNanos(1));
        int slot = Math.floorMod(number, minutes.length());
        Minute minute = minutes.get(slot);
        List<RecentStatement> slowest = minute == null || minute.number != number ? List.of() : minute.slowest;
        boolean slow = slowest.size() < max
                || statement.durationNanos()
                        > slowest.get(slowest.size() - 1).statement().durationNanos();
        if (slow || statement.failed()) {
            RecentStatement recent = recent(statement, now);
            if (slow) {
                minutes.set(slot, new Minute(number, with(slowest, recent)));
            }
            if (statement.failed()) {
                List<RecentStatement> newestFirst = new ArrayList<>(List.of(recent));
                newestFirst.addAll(failed.subList(0, Math.min(failed.size(), max - 1)));
                failed = Collections.unmodifiableList(newestFirst);
            }
        }
    }

    private RecentStatement recent(FinishedStatement statement, long now) {
        LocalDetails local = statement.local();
        String traceId = traces.traceId(local.traceContext());
        // The trace context would keep the trace in memory.
        LocalDetails kept = new LocalDetails(local.dataSource(), local.batchSize(), local.queryText(), null);
        return new RecentStatement(new FinishedStatement(statement.host(), statement.metric(), kept), traceId, now);
    }

    private List<RecentStatement> with(List<RecentStatement> slowest, RecentStatement recent) {
        RecentStatement[] more = slowest.toArray(new RecentStatement[slowest.size() + 1]);
        more[slowest.size()] = recent;
        Arrays.sort(more, SLOWEST_FIRST);
        return List.of(more.length > max ? Arrays.copyOf(more, max) : more);
    }

    /** The slowest statements that finished within the last 15 minutes, slowest first. */
    public List<RecentStatement> slowest() {
        long now = nanoTime.getAsLong();
        List<RecentStatement> all = new ArrayList<>();
        for (int i = 0; i < minutes.length(); i++) {
            Minute minute = minutes.get(i);
            if (minute != null) {
                all.addAll(minute.slowest);
            }
        }
        return all.stream()
                .filter(recent -> now - recent.finishedNanos() <= TimeUnit.MINUTES.toNanos(MINUTES))
                .sorted(SLOWEST_FIRST)
                .limit(max)
                .toList();
    }

    /** The last failed statements, newest first. */
    public List<RecentStatement> failed() {
        return failed;
    }
}
