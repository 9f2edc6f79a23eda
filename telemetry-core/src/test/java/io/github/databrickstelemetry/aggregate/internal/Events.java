package io.github.databrickstelemetry.aggregate.internal;

import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;

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
        return TelemetryEventEmitter.disabled().connectionOpen("session", ConnectionDetails.UNKNOWN, 1);
    }
}
