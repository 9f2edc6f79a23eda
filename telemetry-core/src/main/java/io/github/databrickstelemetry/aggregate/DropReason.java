package io.github.databrickstelemetry.aggregate;

import java.util.Locale;

/** Why an event or a metric was not delivered. Every drop is counted under one of these. */
public enum DropReason {
    /** An event: the queue was full. */
    QUEUE_FULL,
    /** An event: it named no statement in flight. */
    ORPHAN,
    /** A metric: the pending buffer was full. */
    OVERFLOW,
    /** A metric: the service refused it with 400. */
    MALFORMED,
    /** A metric: larger than a request may be. */
    TOO_LARGE,
    /** A metric: the server's flag is off. */
    FLAG_OFF,
    /** A metric: the host refuses every batch that contains it, but takes others. */
    REFUSED,
    /** A metric: requests to its host are not allowed. */
    HOST_REFUSED,
    /** A metric: export to the workspace is switched off. */
    EXPORT_OFF,
    /** A metric: the level of the export leaves it out. */
    LEVEL,
    /** A metric: telemetry itself failed, for example for want of memory. */
    FAILED,
    /** An event or a metric: left over when the client closed. */
    CLOSED;

    /** The name as meters and the endpoint show it, for example {@code queue_full}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
