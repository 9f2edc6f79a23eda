package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.failure.internal.ExceptionClassifier;

/** What an answer means for the retry, the breaker and the metrics. */
enum ResponseAction {
    /** The service took the request. */
    DELIVERED,
    /** The service will never take these metrics. */
    MALFORMED,
    /** The request is too large: split it. */
    TOO_LARGE,
    /** No such path: there may be another. */
    NO_SUCH_PATH,
    /** A failure that another attempt may cure. */
    RETRYABLE,
    /** A failure that another attempt at once will not cure. */
    FAILURE;

    static ResponseAction of(int status) {
        if (status >= 200 && status < 300) {
            return DELIVERED;
        }
        return switch (status) {
            case 400 -> MALFORMED;
            case 404 -> NO_SUCH_PATH;
            case 413 -> TOO_LARGE;
            default -> ExceptionClassifier.isRetryable(status) ? RETRYABLE : FAILURE;
        };
    }
}
