package io.github.databrickstelemetry.workspace.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
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

    /** The body as JSON. Missing without a body. */
    public JsonNode json() throws IOException {
        // Made for each of the few responses: a mapper that is kept holds on to the class loaders of what it has read.
        return new JsonMapper().readTree(body);
    }

    /**
     * The milliseconds that {@code Retry-After} asks to wait, in seconds or as a date; 0 where the header is missing or
     * cannot be read. A date counts relative to the response's own {@code Date}, because the two machines' clocks may
     * differ.
     *
     * @param longest what is asked for beyond this is cut
     */
    public long retryAfterMillis(Duration longest, TelemetryClock clock) {
        long most = longest.toMillis();
        String value = retryAfter == null ? "" : retryAfter.strip();
        if (value.matches("[0-9]+")) {
            boolean small = value.matches("0*[0-9]{1,9}");
            return small ? Math.min(most, Integer.parseInt(value) * 1000L) : most;
        }
        Long until = epochMillis(value);
        if (until == null) {
            return 0;
        }
        Long sent = epochMillis(date == null ? "" : date.strip());
        return Math.max(0, Math.min(most, until - (sent == null ? clock.epochMillis() : sent)));
    }

    private static @Nullable Long epochMillis(String date) {
        try {
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException | ArithmeticException unreadable) {
            return null;
        }
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
