package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.config.ExportSettings.RetrySettings;
import java.util.random.RandomGenerator;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.backoff.Sleeper;

/** Waits a random part of an exponentially growing time, so that clients which failed together come back apart. */
final class FullJitterBackOff implements BackOffPolicy {

    private final RetrySettings settings;
    private final RandomGenerator random;
    private final Sleeper sleeper;

    FullJitterBackOff(RetrySettings settings, RandomGenerator random, Sleeper sleeper) {
        this.settings = settings;
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
        long wait = random.nextLong(ceilingMillis(context.getRetryCount()) + 1);
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
}
