package io.github.databrickstelemetry.export.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one metric that a host, or a firewall before it, refuses, so that it does not block the others. A batch that
 * fails again and again is sent in halves, down to a single metric; that one is sent apart from then on, and given up
 * once it has failed three times while the host took others. Thread-safe.
 */
final class RefusalSearch {

    private static final int UNLIMITED = Integer.MAX_VALUE;

    /** Failures of the same batch, and of the same metric, that are no coincidence. */
    private static final int REPEATED = 3;

    private int limit = UNLIMITED;
    private @Nullable String head;
    private int headFailures;
    private @Nullable String suspect;
    private int suspectFailures;
    private boolean othersTaken;

    /** How many metrics a request may hold at present. */
    synchronized int limit() {
        return limit;
    }

    /** Whether this metric failed alone, and is to be sent alone, after the others. */
    synchronized boolean isSuspect(EncodedMetric metric) {
        return id(metric).equals(suspect);
    }

    /** The host took these metrics. */
    synchronized void taken(List<EncodedMetric> part) {
        if (isSuspect(part.get(0))) {
            suspect = null;
        } else {
            othersTaken = true;
        }
        head = null;
        // Back to full batches step by step, so that the end of an outage makes no storm of small requests.
        limit = limit > UNLIMITED / 2 ? UNLIMITED : limit * 2;
    }

    /**
     * A request failed in a way that its content may have caused.
     *
     * @return whether the part is a single metric that is to be dropped
     */
    synchronized boolean isRefused(List<EncodedMetric> part) {
        String first = id(part.get(0));
        if (part.size() == 1) {
            return isRefused(first);
        }
        headFailures = first.equals(head) ? headFailures + 1 : 1;
        head = first;
        if (limit < UNLIMITED || headFailures >= REPEATED) {
            limit = part.size() / 2;
        }
        return false;
    }

    private boolean isRefused(String single) {
        if (!single.equals(suspect)) {
            suspect = single;
            suspectFailures = 0;
            othersTaken = false;
        }
        suspectFailures++;
        if (suspectFailures < REPEATED || !othersTaken) {
            return false;
        }
        suspect = null;
        return true;
    }

    private static String id(EncodedMetric metric) {
        return metric.metric().eventId();
    }
}
