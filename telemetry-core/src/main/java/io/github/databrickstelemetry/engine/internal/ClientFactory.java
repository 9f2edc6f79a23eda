package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.event.EmissionCounter;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.IdSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes an engine's clients, and what they share: the worker, which it does not start, breakers and flags. Thread-safe. */
final class ClientFactory {

    /** How soon it is noticed that telemetry is switched on again. */
    private static final long WHILE_OFF_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final TelemetryEngineBuilder parts;
    private final Listeners listeners;
    private final IdSource ids;
    private final EventClock eventClock;
    private final TelemetryWorker worker;
    private final CircuitBreakerRegistry breakers;
    private final @Nullable FeatureFlagCache flags;
    private final Guard guard;

    ClientFactory(TelemetryEngineBuilder parts, Listeners listeners, Guard guard) {
        this.parts = parts;
        this.guard = guard;
        this.listeners = listeners;
        this.ids = parts.ids();
        this.eventClock = new EventClock(parts.clock);
        this.worker = new TelemetryWorker(
                parts.settings.queueCapacity(),
                parts.clock,
                eventClock,
                new ExportThreads(ExportLanes.MOST + 1),
                guard);
        this.breakers = parts.breakers();
        this.flags = parts.flags;
        if (flags != null) {
            worker.pollFlags(this::pollFlags);
        }
    }

    /** While telemetry is switched off the servers are not asked either. */
    private long pollFlags() {
        return flags == null || parts.killSwitch.getAsBoolean() ? WHILE_OFF_NANOS : flags.poll(worker::ask);
    }

    TelemetryWorker worker() {
        return worker;
    }

    /** Makes a client that the worker does not know yet. */
    EngineClient create(TelemetryTarget target) {
        CircuitBreaker breaker =
                breakers.breaker(target.host().key(), target.settings().circuitBreaker());
        ClientParts client = new ClientParts(
                target,
                new Intake(parts.killSwitch),
                new EmissionCounter(),
                flags == null ? FlagGates.on() : FlagGates.asked(flags, target, () -> worker.post(worker::lookAtFlags)),
                breaker,
                new LazyExporter(() -> parts.exporters().create(target, breaker)),
                ids,
                listeners,
                guard);
        long interval = target.settings().flushInterval().toNanos();
        ClientPipeline pipeline =
                new ClientPipeline(worker, client, parts.clock.nanoTime(), parts.random.nextLong(interval));
        TelemetryEventEmitter emitter = new TelemetryEventEmitter(
                pipeline,
                worker.queue(),
                client.counter(),
                eventClock,
                ids,
                parts.errorDescribers.apply(target.settings().errorDetail()),
                client.intake(),
                guard);
        return new EngineClient(worker, client, pipeline, emitter);
    }
}
