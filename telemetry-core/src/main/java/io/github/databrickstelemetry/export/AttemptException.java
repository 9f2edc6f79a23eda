package io.github.databrickstelemetry.export;

import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import org.jspecify.annotations.Nullable;

/** An attempt to send one request did not end well. Carries no message and no stack: it only directs the retry. */
class AttemptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;
    private final transient ExportError error;

    AttemptException(Outcome outcome, ExportError error) {
        super(null, null, false, false);
        this.outcome = outcome;
        this.error = error;
    }

    Outcome outcome() {
        return outcome;
    }

    ExportError error() {
        return error;
    }

    /** Another attempt may end better. */
    static final class Retryable extends AttemptException {

        private static final long serialVersionUID = 1L;

        private final @Nullable String retryAfter;

        Retryable(ExportError error, @Nullable String retryAfter) {
            super(Outcome.FAILURE, error);
            this.retryAfter = retryAfter;
        }

        /** The header's value, or null when there was none. */
        @Nullable
        String retryAfter() {
            return retryAfter;
        }
    }
}
