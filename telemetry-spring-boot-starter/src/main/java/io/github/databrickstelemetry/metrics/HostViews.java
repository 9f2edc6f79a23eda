package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.github.databrickstelemetry.insight.BoundedNames;
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

    private @Nullable Map<String, HostTotals> byTag;
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
        Map<String, HostTotals> current = byTag;
        if (current == null || now - readAtNanos > maxAgeNanos) {
            current = new HashMap<>();
            for (HostTotals host : totals.get()) {
                current.merge(tag(host.host()), host, HostTotals::plus);
            }
            byTag = current;
            readAtNanos = now;
        }
        return new View(current.getOrDefault(tag, HostTotals.none(tag)));
    }

    /** The totals of the hosts behind one host tag. Immutable. */
    record View(HostTotals totals) {

        long emitted(EventType type) {
            return totals.events().byType().getOrDefault(type, 0L);
        }

        long dropped(DropReason reason) {
            return totals.events().dropped().getOrDefault(reason, 0L)
                    + totals.metrics().dropped().getOrDefault(reason, 0L);
        }

        long clients(ClientStatus status) {
            return totals.clients().stream()
                    .filter(client -> client.status() == status)
                    .count();
        }

        long hosts(BreakerState state) {
            return hosts(client -> client.breaker().state() == state);
        }

        long hosts(FlagStatus status) {
            return hosts(client -> client.flag().status() == status);
        }

        /** The clients of a host share its breaker and its flag. */
        private long hosts(Predicate<TelemetryStatistics> matching) {
            return totals.clients().stream()
                    .filter(matching)
                    .map(TelemetryStatistics::host)
                    .distinct()
                    .count();
        }

        /** Epoch milliseconds of the last success, 0 before the first. */
        long lastSuccessMillis() {
            return totals.clients().stream()
                    .mapToLong(client -> client.lastExport().successMillis())
                    .max()
                    .orElse(0);
        }
    }
}
