package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;

/** An attempt to send one request failed. Carries no message and no stack: it only directs the retry. */
class AttemptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;
    private final transient ExportError error;
    private final long retryAfterMillis;
    private final boolean contentMatters;

    AttemptException(Outcome outcome, ExportError error) {
        this(outcome, error, 0, false);
    }

    AttemptException(Outcome outcome, ExportError error, long retryAfterMillis, boolean contentMatters) {
        super(null, null, false, false);
        this.outcome = outcome;
        this.error = error;
        this.retryAfterMillis = retryAfterMillis;
        this.contentMatters = contentMatters;
    }

    Outcome outcome() {
        return outcome;
    }

    ExportError error() {
        return error;
    }

    /** How long the server asks to wait, 0 where it does not. */
    long retryAfterMillis() {
        return retryAfterMillis;
    }

    /** Whether what was sent may have caused the failure, rather than who sent it or when. */
    boolean contentMatters() {
        return contentMatters;
    }

    /** Another attempt may succeed. */
    static final class Retryable extends AttemptException {

        private static final long serialVersionUID = 1L;

        Retryable(ExportError error, boolean contentMatters) {
            super(Outcome.FAILURE, error, 0, contentMatters);
        }
    }
}
