package io.github.databrickstelemetry.sample.start;

import org.jspecify.annotations.Nullable;

/** The sample cannot start; the message says why in one sentence, {@link #action()} what to do. */
final class SampleStartException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String action;

    SampleStartException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    String action() {
        return action;
    }
}
