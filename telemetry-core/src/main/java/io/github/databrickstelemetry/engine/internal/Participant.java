package io.github.databrickstelemetry.engine.internal;

/** Something that the worker settles at times: a client, or an additional exporter. */
abstract class Participant {

    // Kept by Participants.
    boolean attended;
    boolean scheduled;
    long dueAtNanos;

    /** Does what is due. */
    abstract void settle(long nowNanos);

    /** Nanoseconds until {@link #settle} has something to do if nothing else happens; not negative. */
    abstract long nanosUntilDue(long nowNanos);
}
