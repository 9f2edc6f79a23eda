package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.client.TelemetryStatistics.EventCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.StatementCounts;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.github.databrickstelemetry.insight.BoundedNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine's totals by host tag, read at most once in a while, however many meters there are. The number of host tags
 * is bounded. Thread-safe.
 */
final class HostViews {

    private static final int MAX_HOSTS = 100;

    private final BoundedNames tags = new BoundedNames(MAX_HOSTS);
    private final Supplier<List<HostTotals>> totals;
    private final LongSupplier nanoTime;
    private final long maxAgeNanos;

    private @Nullable Map<String, View> views;
    private long readAtNanos;

    /** @param maxAgeNanos how old the totals may be */
    HostViews(Supplier<List<HostTotals>> totals, LongSupplier nanoTime, long maxAgeNanos) {
        this.totals = totals;
        this.nanoTime = nanoTime;
        this.maxAgeNanos = maxAgeNanos;
    }

    /** The tag of a host: its name, or {@code other} beyond the bound. */
    String tag(String host) {
        return tags.bound(host);
    }

    /** What is known of the hosts behind a tag. */
    synchronized View view(String tag) {
        long now = nanoTime.getAsLong();
        Map<String, View> current = views;
        if (current == null || now - readAtNanos > maxAgeNanos) {
            current = new HashMap<>();
            for (HostTotals host : totals.get()) {
                current.merge(tag(host.host()), View.NONE.plus(host), (one, other) -> one.plus(host));
            }
            views = current;
            readAtNanos = now;
        }
        return current.getOrDefault(tag, View.NONE);
    }

    /** The totals of the hosts behind one host tag. Immutable. */
    record View(
            EventCounts events, MetricCounts metrics, StatementCounts statements, List<TelemetryStatistics> clients) {

        static final View NONE = new View(EventCounts.NONE, MetricCounts.NONE, StatementCounts.NONE, List.of());

        View plus(HostTotals totals) {
            List<TelemetryStatistics> all = new ArrayList<>(clients);
            all.addAll(totals.clients());
            return new View(
                    events.plus(totals.events()),
                    metrics.plus(totals.metrics()),
                    statements.plus(totals.statements()),
                    List.copyOf(all));
        }

        long emitted(EventType type) {
            return events.byType().getOrDefault(type, 0L);
        }

        long dropped(DropReason reason) {
            return events.dropped().getOrDefault(reason, 0L) + metrics.dropped().getOrDefault(reason, 0L);
        }

        long clients(ClientStatus status) {
            return clients.stream().filter(client -> client.status() == status).count();
        }

        long hosts(BreakerState state) {
            return hosts(client -> client.breaker().state() == state);
        }

        long hosts(FlagStatus status) {
            return hosts(client -> client.flag().status() == status);
        }

        /** The clients of a host share its breaker and its flag. */
        private long hosts(Predicate<TelemetryStatistics> matching) {
            return clients.stream()
                    .filter(matching)
                    .map(TelemetryStatistics::host)
                    .distinct()
                    .count();
        }

        /** Epoch milliseconds of the last success, 0 before the first. */
        long lastSuccessMillis() {
            return clients.stream()
                    .mapToLong(client -> client.lastExport().successMillis())
                    .max()
                    .orElse(0);
        }
    }
}
