package io.github.databrickstelemetry.aggregate.internal;

import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorKind;
import io.github.databrickstelemetry.event.RefusedEvents;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.runtime.internal.CountingIds;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.ManualClock;
import org.slf4j.LoggerFactory;

/** What tests of this package make events of. */
final class Events {

    static final ErrorDetails TERMINAL = error(ErrorKind.TERMINAL, "Terminal");
    static final ErrorDetails RETRYABLE = error(ErrorKind.RETRYABLE, "Retryable");
    static final ErrorDetails OTHER = error(ErrorKind.OTHER, "Other");

    private Events() {}

    static ErrorDetails error(ErrorKind kind, String name) {
        return new ErrorDetails(kind, name, null, 0, 0, null, null);
    }

    static TelemetrySession session() {
        TelemetryEventEmitter emitter = new TelemetryEventEmitter(
                event -> {},
                event -> true,
                new RefusedEvents(),
                new EventClock(new ManualClock()),
                new CountingIds(),
                failure -> OTHER,
                () -> true,
                new Guard(LoggerFactory.getLogger(Events.class)));
        return emitter.connectionOpen("session", ConnectionDetails.UNKNOWN, 1);
    }
}
