package io.github.databrickstelemetry.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A registry and its meters by host tag. Thread-safe. */
final class BoundRegistry {

    private final MeterRegistry registry;
    private final Map<String, HostMeters> hosts = new ConcurrentHashMap<>();

    BoundRegistry(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The meters of a host tag, which are registered when they are first asked for. */
    HostMeters meters(String tag, HostAccounts accounts) {
        HostMeters known = hosts.get(tag);
        return known != null
                ? known
                : hosts.computeIfAbsent(tag, host -> new HostMeters(registry, host, accounts).bind());
    }
}
