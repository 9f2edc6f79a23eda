package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one metric because of which a host, or a firewall before it, refuses every batch that contains it. When batches
 * with the same first metric fail twice, they are halved until one metric fails alone. It is then sent alone and behind the
 * others. If it fails again after others were delivered, it is the culprit. During a plain outage nothing is delivered, so
 * nothing is a culprit. Belongs to the worker.
 */
final class CulpritSearch {

    private static final int MAX_SUSPECTS = 16;

    private final int batchSize;

    /** Metrics that failed alone, with the number of metrics that had been delivered then. */
    private final IdentityHashMap<TelemetryMetric, Long> suspects = new IdentityHashMap<>();

    private int limit;

    /** The number of metrics, from the oldest on, that hold the culprit; 0 if there is no search. */
    private int doubtful;

    private @Nullable TelemetryMetric lastHead;

    /** What to do with the kept metrics of a failed export. */
    enum Action {
        KEEP,
        /** The one metric goes behind the others. */
        PUT_LAST,
        /** The one metric is dropped. */
        DROP
    }

    CulpritSearch(int batchSize) {
        this.batchSize = batchSize;
        this.limit = batchSize;
    }

    /** The most metrics that the next batch may hold. */
    int limit() {
        return limit;
    }

    /** Whether the metric is sent alone. */
    boolean isSuspect(TelemetryMetric metric) {
        return !suspects.isEmpty() && suspects.containsKey(metric);
    }

    /**
     * Takes in the result of an export.
     *
     * @param delivered metrics delivered by this client so far, those of this export included
     */
    Action exported(ExportResult result, long delivered) {
        int taken = result.delivered() + result.rejected();
        if (result.kept().isEmpty()) {
            succeeded(taken);
            return Action.KEEP;
        }
        if (!maySuspect(result)) {
            return Action.KEEP;
        }
        TelemetryMetric head = result.kept().get(0);
        boolean again = head == lastHead;
        lastHead = head;
        if (result.kept().size() == 1 && (again || doubtful > 0 || isSuspect(head))) {
            return failedAlone(head, delivered);
        }
        if (again || doubtful > 0) {
            doubtful = result.kept().size();
            limit = Math.max(1, doubtful / 2);
        }
        return Action.KEEP;
    }

    /** Whether a metric of the batch may be the cause. A host that cannot be reached says nothing about the batch. */
    private static boolean maySuspect(ExportResult result) {
        ExportError error = result.error();
        return result.outcome() == Outcome.FAILURE
                && result.retryAfterMillis() == 0
                && error != null
                && contentMatters(error);
    }

    /**
     * A firewall responds to a document that it refuses with 403, 406, a page or a reset, a service with 500.
     * Other failures are an outage: without halves, its end brings no storm of small batches.
     */
    private static boolean contentMatters(ExportError error) {
        return switch (error.httpStatus()) {
            case 0 ->
                error.exceptionClass().equals("SocketException")
                        || error.exceptionClass().equals("EOFException");
            case 401, 404, 405, 407, 408, 421, 429 -> false;
            default -> error.httpStatus() < 300 || (error.httpStatus() >= 400 && error.httpStatus() <= 501);
        };
    }

    private void succeeded(int count) {
        lastHead = null;
        doubtful = Math.max(0, doubtful - count);
        limit = doubtful > 0 ? Math.max(1, doubtful / 2) : Math.min(batchSize, limit * 2);
    }

    private Action failedAlone(TelemetryMetric metric, long delivered) {
        lastHead = null;
        doubtful = 0;
        Long deliveredBefore = suspects.get(metric);
        if (deliveredBefore != null && delivered > deliveredBefore) {
            suspects.remove(metric);
            return Action.DROP;
        }
        if (deliveredBefore == null) {
            if (suspects.size() >= MAX_SUSPECTS) {
                // Some of them may be gone, for example because the buffer was full.
                suspects.clear();
            }
            suspects.put(metric, delivered);
        }
        return Action.PUT_LAST;
    }
}
