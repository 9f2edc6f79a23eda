package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;

/** A failed attempt to send a request. Has no message and no stack, because it only directs the retry. */
class AttemptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;
    private final transient ExportError error;
    private final long retryAfterMillis;

    AttemptException(Outcome outcome, ExportError error) {
        this(outcome, error, 0);
    }

    AttemptException(Outcome outcome, ExportError error, long retryAfterMillis) {
        super(null, null, false, false);
        this.outcome = outcome;
        this.error = error;
        this.retryAfterMillis = retryAfterMillis;
    }

    Outcome outcome() {
        return outcome;
    }

    ExportError error() {
        return error;
    }

    /** Time that {@code Retry-After} asks to wait, 0 without it. */
    long retryAfterMillis() {
        return retryAfterMillis;
    }

    /** Another attempt may succeed. */
    static final class Retryable extends AttemptException {

        private static final long serialVersionUID = 1L;

        Retryable(ExportError error) {
            super(Outcome.FAILURE, error);
        }
    }
}
