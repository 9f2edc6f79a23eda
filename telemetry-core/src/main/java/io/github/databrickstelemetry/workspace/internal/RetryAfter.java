package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After}, in seconds or as a date. Immutable, thread-safe. */
public final class RetryAfter {

    private final long capMillis;
    private final TelemetryClock clock;

    /** @param cap the longest time that is honoured */
    public RetryAfter(Duration cap, TelemetryClock clock) {
        this.capMillis = cap.toMillis();
        this.clock = clock;
    }

    /**
     * The milliseconds to wait from now on; 0 where the header is missing or cannot be read. A date counts relative to
     * the response's own {@code Date}, because the two machines' clocks may differ.
     */
    public long millis(WorkspaceResponse response) {
        String value =
                response.retryAfter() == null ? "" : response.retryAfter().strip();
        if (value.matches("[0-9]+")) {
            return seconds(value);
        }
        Long until = epochMillis(value);
        if (until == null) {
            return 0;
        }
        Long sent = epochMillis(response.date());
        return Math.max(0, Math.min(capMillis, until - (sent == null ? clock.epochMillis() : sent)));
    }

    private long seconds(String digits) {
        try {
            long seconds = Long.parseLong(digits);
            return seconds > capMillis / 1000 ? capMillis : seconds * 1000;
        } catch (NumberFormatException beyondLong) {
            return capMillis;
        }
    }

    private static @Nullable Long epochMillis(@Nullable String date) {
        try {
            return date == null
                    ? null
                    : ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()
                            .toEpochMilli();
        } catch (DateTimeException | ArithmeticException unreadable) {
            return null;
        }
    }
}
