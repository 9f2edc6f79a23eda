package io.github.databrickstelemetry.workspace.internal;

import org.jspecify.annotations.Nullable;

/**
 * What a workspace answered.
 *
 * @param status the HTTP status, which counts from the moment at which the headers have come
 * @param retryAfter the header's value, or null when there is none
 * @param body the body as far as it came: it may be cut short by a limit, by the deadline, or by the peer
 */
@SuppressWarnings("ArrayRecordComponent")
public record WorkspaceResponse(int status, @Nullable String retryAfter, byte[] body) {

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
