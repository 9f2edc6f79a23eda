package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.failure.internal.ExceptionClassifier;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;

/**
 * What to do after a response: with the metrics, the retry and the breaker. The body decides whether a response is the
 * service's own, because a portal or a gateway responds 200 or 400 with a page of its own.
 */
enum ResponseAction {
    /** The service took the request. */
    DELIVERED,
    /** The service will never take these metrics. They are dropped; the breaker is not concerned. */
    MALFORMED,
    /** The request is too large: split it. The breaker is not concerned. */
    TOO_LARGE,
    /** The service may be at the next path. The breaker is not concerned. */
    NEXT_PATH,
    /** A failure that another attempt may cure. */
    RETRY,
    /** A failure that another attempt at once does not cure. */
    FAILURE;

    /**
     * The action for a response.
     *
     * @param retryAfterMillis time that {@code Retry-After} asks to wait, 0 without it
     * @param mayMoveOn whether the path has never responded 2xx and a further one is left
     */
    static ResponseAction of(WorkspaceResponse response, long retryAfterMillis, boolean mayMoveOn) {
        int status = response.status();
        if (response.isSuccess()) {
            return response.isEmpty() || response.isJsonObject() ? DELIVERED : FAILURE;
        }
        return switch (status) {
            case 400 -> response.isJsonObject() ? MALFORMED : FAILURE;
            case 403, 404, 405 -> mayMoveOn ? NEXT_PATH : FAILURE;
            case 413 -> TOO_LARGE;
            // Retries are what makes a storm of 429.
            case 429 -> FAILURE;
            case 503 -> retryAfterMillis > 0 ? FAILURE : RETRY;
            default -> ExceptionClassifier.isRetryable(status) ? RETRY : FAILURE;
        };
    }
}
