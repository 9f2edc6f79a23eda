package io.github.databrickstelemetry.export;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The result of exporting a batch. {@code delivered + rejected + malformed + tooLarge + kept.size()} is the batch's size.
 *
 * @param outcome how the last request ended
 * @param delivered metrics that the service took
 * @param rejected metrics that the service received and rejected
 * @param malformed metrics dropped because the service called them malformed
 * @param tooLarge metrics dropped because they exceed a request's size
 * @param kept metrics to be tried again later, in their order
 * @param error why not everything was delivered, or null
 * @param retryAfterMillis time that {@code Retry-After} asks to wait, 0 without it
 */
public record ExportResult(
        Outcome outcome,
        int delivered,
        int rejected,
        int malformed,
        int tooLarge,
        List<TelemetryMetric> kept,
        @Nullable ExportError error,
        long retryAfterMillis) {

    /** How an export ended, with the names that meters use. */
    public enum Outcome {
        SUCCESS,
        FAILURE,
        NOT_PERMITTED
    }

    /**
     * Why an export failed, free of secrets and messages.
     *
     * @param exceptionClass the failure's class name, or a short word such as {@code NoCredentials},
     *     which may be followed by the class of what the credentials failed with
     * @param httpStatus the response's status, 0 without a response
     * @param noCredentials whether nothing was sent because there are no usable credentials
     * @param hostRefused whether nothing was sent because the host may not be contacted
     */
    public record ExportError(String exceptionClass, int httpStatus, boolean noCredentials, boolean hostRefused) {

        public ExportError {
            Objects.requireNonNull(exceptionClass);
        }

        /** Any failure of a request. */
        public ExportError(String exceptionClass, int httpStatus) {
            this(exceptionClass, httpStatus, false, false);
        }

        /** Credentials are missing, or cannot be used, for a reason in a short word. */
        public static ExportError ofCredentials(String why) {
            return new ExportError(why, 0, true, false);
        }
    }

    public ExportResult {
        Objects.requireNonNull(outcome);
        kept = List.copyOf(kept);
    }

    /** Nothing was sent and everything is kept. */
    public static ExportResult keptAll(Outcome outcome, List<TelemetryMetric> batch, ExportError error) {
        return new ExportResult(outcome, 0, 0, 0, 0, batch, error, 0);
    }

    /** Everything was delivered. */
    public static ExportResult deliveredAll(int count) {
        return new ExportResult(Outcome.SUCCESS, count, 0, 0, 0, List.of(), null, 0);
    }

    /** Whether each metric of the batch has exactly one place in this result. */
    public boolean accountsFor(List<TelemetryMetric> batch) {
        boolean positive = delivered >= 0 && rejected >= 0 && malformed >= 0 && tooLarge >= 0;
        long sum = (long) delivered + rejected + malformed + tooLarge + kept.size();
        // Without memory for the set, what was delivered would be sent again.
        return positive && sum == batch.size() && (kept.isEmpty() || keptOnlyFrom(batch));
    }

    private boolean keptOnlyFrom(List<TelemetryMetric> batch) {
        Set<TelemetryMetric> ours = Collections.newSetFromMap(new IdentityHashMap<>());
        ours.addAll(batch);
        return kept.stream().allMatch(ours::remove);
    }
}
