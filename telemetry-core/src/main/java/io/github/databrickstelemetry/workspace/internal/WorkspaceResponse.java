package io.github.databrickstelemetry.workspace.internal;

import org.jspecify.annotations.Nullable;

/**
 * What a workspace answered.
 *
 * @param status the HTTP status, which counts from the moment at which the headers have come
 * @param retryAfter the value of the {@code Retry-After} header, or null
 * @param date the value of the {@code Date} header, or null
 * @param body the body as far as it came: it may be cut short by a limit, by the deadline, or by the peer
 */
@SuppressWarnings("ArrayRecordComponent")
public record WorkspaceResponse(
        int status, @Nullable String retryAfter, @Nullable String date, byte[] body) {

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Without the body, which is foreign. */
    @Override
    public String toString() {
        return "WorkspaceResponse[" + status + "]";
    }
}
