package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.event.ErrorDescriber;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.failure.internal.ThrowableDescriber;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.runtime.internal.IdSource;
import io.github.databrickstelemetry.runtime.internal.RandomIds;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts an engine together. What is not said has the default that an application wants, except the exporters, which
 * must be given. Not thread-safe; to be used once.
 */
public final class TelemetryEngineBuilder {

    EngineSettings settings = EngineSettings.DEFAULTS;
    TelemetryClock clock = TelemetryClock.SYSTEM;
    RandomGenerator random = new Random();
    BooleanSupplier killSwitch = () -> false;
    Function<ErrorDetail, ErrorDescriber> errorDescribers = ThrowableDescriber::new;
    ThreadFactory workerThreads = new TelemetryThreads("worker");

    @Nullable
    FeatureFlagCache flags;

    private @Nullable IdSource ids;
    private @Nullable CircuitBreakerRegistry breakers;
    private @Nullable TelemetryExporterFactory exporters;

    TelemetryEngineBuilder() {}

    /** What all clients share. */
    public TelemetryEngineBuilder settings(EngineSettings engineSettings) {
        this.settings = engineSettings;
        return this;
    }

    /** Time; the machine's clocks unless said otherwise. */
    public TelemetryEngineBuilder clock(TelemetryClock telemetryClock) {
        this.clock = telemetryClock;
        return this;
    }

    /** Ids of metrics, and of sessions and statements that have none; random unless said otherwise. */
    public TelemetryEngineBuilder ids(IdSource idSource) {
        this.ids = idSource;
        return this;
    }

    /** Spreads flushes in time; must be thread-safe. */
    public TelemetryEngineBuilder random(RandomGenerator generator) {
        this.random = generator;
        return this;
    }

    /** Makes the exporter of each client, on a thread of the engine, when it has its first batch. */
    public TelemetryEngineBuilder exporters(TelemetryExporterFactory factory) {
        this.exporters = factory;
        return this;
    }

    /** Where the hosts' circuit breakers are kept; a registry of the engine's own unless said otherwise. */
    public TelemetryEngineBuilder breakers(CircuitBreakerRegistry registry) {
        this.breakers = registry;
        return this;
    }

    /** Requests the hosts' feature flags. Without it every flag counts as on. */
    public TelemetryEngineBuilder flags(FeatureFlagCache cache) {
        this.flags = cache;
        return this;
    }

    /** What is reported of a failure; by default what the client's {@code error-detail} says. */
    public TelemetryEngineBuilder errorDescribers(Function<ErrorDetail, ErrorDescriber> describers) {
        this.errorDescribers = describers;
        return this;
    }

    /**
     * Whether telemetry is switched off altogether. Asked for every event, so it must be as cheap as reading a field.
     */
    public TelemetryEngineBuilder killSwitch(BooleanSupplier off) {
        this.killSwitch = off;
        return this;
    }

    /**
     * Makes the engine, which has no thread before its first client.
     *
     * @throws IllegalStateException if there is nothing to export with
     */
    public TelemetryEngine build() {
        if (exporters == null) {
            throw new IllegalStateException("An engine needs exporters");
        }
        return new TelemetryEngine(this);
    }

    TelemetryExporterFactory exporters() {
        return Objects.requireNonNull(exporters);
    }

    /** The given source, or a new one. */
    IdSource ids() {
        return ids == null ? new RandomIds() : ids;
    }

    /** The registry, which is the engine's own unless one was given. */
    CircuitBreakerRegistry breakers() {
        return breakers == null ? new CircuitBreakerRegistry(clock, random) : breakers;
    }
}
