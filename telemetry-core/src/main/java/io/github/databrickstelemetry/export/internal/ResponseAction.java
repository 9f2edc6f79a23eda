package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.failure.internal.ExceptionClassifier;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;

/**
 * What a response means for the metrics, the retry and the breaker. A response is the service's only if its body says
 * so: a portal or a gateway in between responds 200 or 400 with a page of its own.
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
     * @param retryAfterMillis how long the response asks to wait, 0 where it does not
     * @param mayMoveOn whether the path has never answered 2xx and there is a further one
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
