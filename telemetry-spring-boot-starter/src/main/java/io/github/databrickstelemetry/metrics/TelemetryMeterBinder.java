package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.export.ExportResult;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The meters of every host, in every registry that it is bound to. Thread-safe.
 *
 * <p>Statements and exports are timed on threads of the engine. Everything else is counted by the engine anyway and is
 * looked up when a registry reads it. The number of hosts is bounded: those that come later share the tag {@code other}.
 */
public final class TelemetryMeterBinder implements MeterBinder {

    static final int MAX_HOSTS = 100;
    static final String OTHER = "other";

    /** One scrape reads some hundred meters: they share a snapshot. */
    private static final Duration MAX_AGE = Duration.ofMillis(500);

    private final TelemetryClientProvider provider;
    private final LongSupplier nanoTime;
    private final Duration maxAge;
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();
    private final List<BoundRegistry> registries = new CopyOnWriteArrayList<>();

    private record Host(String tag, HostAccounts accounts) {}

    /** Observes all clients of the provider, also those that it has already. */
    public TelemetryMeterBinder(TelemetryClientProvider provider) {
        this(provider, System::nanoTime, MAX_AGE);
    }

    TelemetryMeterBinder(TelemetryClientProvider provider, LongSupplier nanoTime, Duration maxAge) {
        this.provider = provider;
        this.nanoTime = nanoTime;
        this.maxAge = maxAge;
        provider.addListener(new Observer());
        provider.clients().forEach(this::opened);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        BoundRegistry bound = new BoundRegistry(registry);
        registries.add(bound);
        hosts.values().forEach(host -> bound.meters(host.tag, host.accounts));
    }

    private void opened(TelemetryClient client) {
        Host host = host(client.host());
        host.accounts.add(client);
        registries.forEach(registry -> registry.meters(host.tag, host.accounts));
    }

    private Host host(String name) {
        Host known = hosts.get(name);
        return known != null ? known : newHost(name);
    }

    private synchronized Host newHost(String name) {
        String tag = hosts.containsKey(name) || hosts.size() < MAX_HOSTS ? name : OTHER;
        return hosts.computeIfAbsent(
                tag, key -> new Host(key, new HostAccounts(provider::clients, nanoTime, maxAge.toNanos())));
    }

    /** On threads of the engine. */
    private final class Observer implements TelemetryListener {

        @Override
        public void onOpen(TelemetryClient client) {
            opened(client);
        }

        @Override
        public void onMetric(String host, TelemetryMetric metric) {
            if (metric instanceof StatementMetric statement) {
                boolean failed = statement.error() != null;
                each(host, meters -> meters.recordStatement(statement.operation(), failed, statement.latencyNanos()));
            }
        }

        @Override
        public void onExport(String host, ExportResult result, long durationNanos) {
            each(host, meters -> meters.recordExport(result.outcome(), durationNanos));
        }

        /** A client's first metrics may be finished before the news of it are heard. */
        private void each(String name, Consumer<HostMeters> action) {
            Host host = host(name);
            for (BoundRegistry registry : registries) {
                action.accept(registry.meters(host.tag, host.accounts));
            }
        }
    }
}
