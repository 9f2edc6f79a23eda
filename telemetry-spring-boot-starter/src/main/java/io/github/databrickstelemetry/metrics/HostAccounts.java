package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the meters of one host tag show: the sum over its clients, those that have closed included, since a counter must
 * never fall. Thread-safe. Reading asks the engine for a snapshot, at most once in a while, however many meters there
 * are.
 */
final class HostAccounts {

    private final Supplier<List<TelemetryClient>> live;
    private final LongSupplier nanoTime;
    private final long maxAgeNanos;
    private final Set<TelemetryClient> clients = new HashSet<>();
    private final Totals closed = new Totals();
    private View view = new View(new Totals(), 0, 0, 0, Map.of());
    private long viewedAt;
    private boolean stale = true;

    /** One look at all clients. */
    record View(Totals totals, long queued, long pending, long statements, Map<BreakerState, Integer> hostsByState) {}

    /**
     * Makes empty accounts.
     *
     * @param live the clients that the engine has at present
     * @param maxAgeNanos how old a snapshot may be
     */
    HostAccounts(Supplier<List<TelemetryClient>> live, LongSupplier nanoTime, long maxAgeNanos) {
        this.live = live;
        this.nanoTime = nanoTime;
        this.maxAgeNanos = maxAgeNanos;
    }

    synchronized void add(TelemetryClient client) {
        clients.add(client);
        stale = true;
    }

    synchronized View view() {
        long now = nanoTime.getAsLong();
        if (stale || now - viewedAt > maxAgeNanos) {
            view = look();
            viewedAt = now;
            stale = false;
        }
        return view;
    }

    /** How many of the hosts behind this tag have a breaker in this state. */
    int hosts(BreakerState state) {
        return view().hostsByState().getOrDefault(state, 0);
    }

    private View look() {
        // Before the snapshots: whoever is gone by then has nothing to add any more.
        Set<TelemetryClient> alive = new HashSet<>(live.get());
        Totals totals = new Totals();
        long queued = 0;
        long pending = 0;
        long statements = 0;
        Map<String, BreakerState> breakers = new HashMap<>();
        for (Iterator<TelemetryClient> each = clients.iterator(); each.hasNext(); ) {
            TelemetryClient client = each.next();
            TelemetryStatistics statistics = client.statistics();
            if (alive.contains(client)) {
                totals.add(statistics);
                queued += statistics.queued();
                pending += statistics.pending() + statistics.inFlight();
                statements += statistics.statementsInFlight();
                breakers.put(statistics.host(), statistics.breaker());
            } else {
                closed.add(statistics);
                each.remove();
            }
        }
        Map<BreakerState, Integer> byState = new EnumMap<>(BreakerState.class);
        breakers.values().forEach(state -> byState.merge(state, 1, Integer::sum));
        totals.add(closed);
        return new View(totals, queued, pending, statements, byState);
    }
}
