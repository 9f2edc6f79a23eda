package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.EmissionCounter;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorKind;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagStatus;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.RandomIds;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** A client that takes nothing: what an application holds while telemetry is off. Thread-safe. */
final class InertTelemetryClient implements TelemetryClient {

    private final String host;
    private final TelemetryEventEmitter emitter;

    InertTelemetryClient(String host) {
        this.host = host;
        this.emitter = new TelemetryEventEmitter(
                event -> {},
                event -> false,
                new EmissionCounter(),
                new EventClock(TelemetryClock.SYSTEM),
                new RandomIds(),
                failure -> new ErrorDetails(ErrorKind.OTHER, failure.getClass().getName(), null, 0, 0, null, null),
                () -> false,
                new Guard(LoggerFactory.getLogger(InertTelemetryClient.class)));
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public TelemetryEventEmitter emitter() {
        return emitter;
    }

    @Override
    public TelemetryStatistics statistics() {
        return new TelemetryStatistics(
                host,
                "none",
                ClientStatus.CLOSED,
                Map.of(),
                0,
                0,
                0,
                Map.of(),
                0,
                0,
                0,
                Map.of(),
                0,
                0,
                0,
                0,
                BreakerState.CLOSED,
                new FlagState(FlagStatus.OVERRIDDEN, false, 0, null),
                0,
                null,
                0,
                0);
    }

    @Override
    public void flush() {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}
}
