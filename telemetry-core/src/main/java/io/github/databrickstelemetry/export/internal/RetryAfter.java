package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads the header that says how long to wait, in seconds or as a date. */
final class RetryAfter {

    private final long capMillis;
    private final TelemetryClock clock;

    /** @param cap the longest time that is honoured */
    RetryAfter(Duration cap, TelemetryClock clock) {
        this.capMillis = cap.toMillis();
        this.clock = clock;
    }

    /** The time to wait from now on; 0 where the header is missing or cannot be read. */
    long millis(@Nullable String header) {
        if (header == null) {
            return 0;
        }
        String value = header.strip();
        if (value.matches("[0-9]+")) {
            return seconds(value);
        }
        try {
            long until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
            return Math.max(0, Math.min(capMillis, until - clock.epochMillis()));
        } catch (DateTimeException | ArithmeticException unreadable) {
            return 0;
        }
    }

    private long seconds(String digits) {
        try {
            long seconds = Long.parseLong(digits);
            return seconds > capMillis / 1000 ? capMillis : seconds * 1000;
        } catch (NumberFormatException beyondLong) {
            return capMillis;
        }
    }
}
