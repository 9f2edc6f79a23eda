package io.github.databrickstelemetry.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A registry and its meters by host tag. Thread-safe. */
final class BoundRegistry {

    private final MeterRegistry registry;
    private final Map<String, HostMeters> hosts = new ConcurrentHashMap<>();

    BoundRegistry(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Registers the meters of a host tag, unless they are there. */
    void add(String tag, HostAccounts accounts) {
        hosts.computeIfAbsent(tag, host -> new HostMeters(registry, host, accounts).bind());
    }

    /** The meters of a host tag, or null if it was not added. */
    @Nullable
    HostMeters meters(String tag) {
        return hosts.get(tag);
    }
}
