package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.insight.BoundedNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine's totals by host tag, read at most once in a while, however many meters there are. The number of host tags
 * is bounded. Thread-safe.
 */
final class TotalsByTag {

    private final BoundedNames tags = new BoundedNames();
    private final Supplier<List<HostTotals>> totals;
    private final long maxAgeNanos;

    private @Nullable Map<String, HostTotals> byTag;
    private long readAtNanos;

    /** @param maxAgeNanos how old the totals may be */
    TotalsByTag(Supplier<List<HostTotals>> totals, long maxAgeNanos) {
        this.totals = totals;
        this.maxAgeNanos = maxAgeNanos;
    }

    /** The tag of a host: its name, or {@code other} beyond the bound. */
    String tag(String host) {
        return tags.bound(host);
    }

    /** The totals of the hosts behind a tag. */
    synchronized HostTotals of(String tag) {
        long now = System.nanoTime();
        Map<String, HostTotals> current = byTag;
        if (current == null || now - readAtNanos > maxAgeNanos) {
            current = new HashMap<>();
            for (HostTotals host : totals.get()) {
                current.merge(tag(host.host()), host, HostTotals::plus);
            }
            byTag = current;
            readAtNanos = now;
        }
        return current.getOrDefault(tag, HostTotals.none(tag));
    }
}
