package io.github.databrickstelemetry.export;

import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.runtime.TelemetryClock;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.backoff.Sleeper;

/**
 * Waits a random part of an exponentially growing time, so that clients which failed together do not come back together.
 * Where the server said how long to wait, that comes first, up to a cap, and the random part on top.
 */
final class FullJitterBackOff implements BackOffPolicy {

    private final ExportSettings settings;
    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final Sleeper sleeper;

    FullJitterBackOff(ExportSettings settings, TelemetryClock clock, RandomGenerator random, Sleeper sleeper) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.sleeper = sleeper;
    }

    private record Retries(RetryContext context) implements BackOffContext {}

    @Override
    public BackOffContext start(RetryContext context) {
        return new Retries(context);
    }

    @Override
    public void backOff(BackOffContext backOffContext) {
        RetryContext context = ((Retries) backOffContext).context;
        String asked =
                context.getLastThrowable() instanceof AttemptException.Retryable failure ? failure.retryAfter() : null;
        long wait = askedMillis(asked) + random.nextLong(ceilingMillis(context.getRetryCount()) + 1);
        try {
            sleeper.sleep(wait);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BackOffInterruptedException("interrupted", interrupt);
        }
    }

    /** @param failures how many attempts have failed, 1 or more */
    private long ceilingMillis(int failures) {
        long doubled = settings.backoffInitial().toMillis() << Math.min(Math.max(failures - 1, 0), 20);
        return Math.min(doubled, settings.backoffMax().toMillis());
    }

    private long askedMillis(@Nullable String retryAfter) {
        if (retryAfter == null) {
            return 0;
        }
        String value = retryAfter.strip();
        long cap = settings.retryAfterMax().toMillis();
        if (value.matches("[0-9]{1,18}")) {
            return Long.parseLong(value) > cap / 1000 ? cap : Long.parseLong(value) * 1000;
        }
        try {
            long until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
            return Math.max(0, Math.min(cap, until - clock.epochMillis()));
        } catch (DateTimeException | ArithmeticException unreadable) {
            return 0;
        }
    }
}
