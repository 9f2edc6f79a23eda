package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the meters of one host tag show: the sum over its clients, those that have closed included, since a counter must
 * never fall. Thread-safe. Reading asks the engine for a snapshot, at most once in a while, however many meters there
 * are.
 *
 * <p>The engine's worker answers for the snapshots, and adds clients. So it never waits for a reader: those wait for each
 * other, and nobody waits for a snapshot with the clients locked.
 */
final class HostAccounts {

    private final Supplier<List<TelemetryClient>> live;
    private final LongSupplier nanoTime;
    private final long maxAgeNanos;

    private final Object lock = new Object();
    private final Set<TelemetryClient> clients = new HashSet<>();
    private final Totals closed = new Totals();
    private int nextFold = 16;

    private volatile boolean stale = true;
    private View view = new View(new Totals(), 0, 0, 0, Map.of());
    private long viewedAt;

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

    void add(TelemetryClient client) {
        boolean many;
        synchronized (lock) {
            clients.add(client);
            many = clients.size() > nextFold;
        }
        stale = true;
        if (many) {
            // Perhaps nobody reads, and clients come and go.
            foldClosed();
        }
    }

    synchronized View view() {
        long now = nanoTime.getAsLong();
        if (stale || now - viewedAt > maxAgeNanos) {
            stale = false;
            view = look();
            viewedAt = now;
        }
        return view;
    }

    /** How many of the hosts behind this tag have a breaker in this state. */
    int hosts(BreakerState state) {
        return view().hostsByState().getOrDefault(state, 0);
    }

    /** Whoever is gone has nothing to add any more: what it had counted is kept instead of itself. */
    private void foldClosed() {
        Set<TelemetryClient> alive = new HashSet<>(live.get());
        for (TelemetryClient client : known()) {
            if (!alive.contains(client)) {
                TelemetryStatistics last = client.statistics();
                synchronized (lock) {
                    if (clients.remove(client)) {
                        closed.add(last);
                    }
                }
            }
        }
        synchronized (lock) {
            nextFold = 2 * clients.size() + 16;
        }
    }

    private List<TelemetryClient> known() {
        synchronized (lock) {
            return List.copyOf(clients);
        }
    }

    private View look() {
        foldClosed();
        Totals totals = new Totals();
        List<TelemetryClient> open;
        synchronized (lock) {
            totals.add(closed);
            open = known();
        }
        long queued = 0;
        long pending = 0;
        long statements = 0;
        Map<String, BreakerState> breakers = new HashMap<>();
        for (TelemetryClient client : open) {
            TelemetryStatistics statistics = client.statistics();
            totals.add(statistics);
            queued += statistics.events().queued();
            pending += statistics.metrics().pending() + statistics.metrics().inFlight();
            statements += statistics.statements().inFlight();
            breakers.put(statistics.host(), statistics.breaker());
        }
        Map<BreakerState, Integer> byState = new EnumMap<>(BreakerState.class);
        breakers.values().forEach(state -> byState.merge(state, 1, Integer::sum));
        return new View(totals, queued, pending, statements, byState);
    }
}
