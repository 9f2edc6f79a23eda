package io.github.databrickstelemetry.workspace.internal;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A workspace's response, or that of something on the way to it.
 *
 * @param status the HTTP status
 * @param retryAfter the header of this name, or null
 * @param date the header of this name, or null
 * @param body the body as far as it came: a limit, the deadline or the peer may have cut it short
 */
@SuppressWarnings("ArrayRecordComponent")
public record WorkspaceResponse(
        int status, @Nullable String retryAfter, @Nullable String date, byte[] body) {

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Whether the body begins as a JSON object does. A gateway's page does not. */
    public boolean isJsonObject() {
        return text().startsWith("{");
    }

    /** Whether there is no body, or none but white space. */
    public boolean isEmpty() {
        return text().isEmpty();
    }

    private String text() {
        int length = Math.min(body.length, 256);
        return new String(body, 0, length, StandardCharsets.UTF_8)
                .replace("\uFEFF", "")
                .strip();
    }

    /** Without the body, which is foreign. */
    @Override
    public String toString() {
        return "WorkspaceResponse[" + status + "]";
    }
}
