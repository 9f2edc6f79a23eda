package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.insight.BoundedNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

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

    private Map<String, HostView> views = Map.of();
    private long readAtNanos;
    private boolean read;

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
    synchronized HostView view(String tag) {
        long now = nanoTime.getAsLong();
        if (!read || now - readAtNanos > maxAgeNanos) {
            Map<String, HostView> fresh = new HashMap<>();
            for (HostTotals host : totals.get()) {
                fresh.merge(tag(host.host()), HostView.NONE.plus(host), (one, other) -> one.plus(host));
            }
            views = fresh;
            readAtNanos = now;
            read = true;
        }
        return views.getOrDefault(tag, HostView.NONE);
    }
}
