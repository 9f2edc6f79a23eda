package io.github.databrickstelemetry.flag.internal;

/**
 * A question to a host about its flag, to be run on a thread on which it may block. Whoever takes it calls either
 * {@link #run} or {@link #notRun}, once. Neither throws.
 */
public interface FlagTask extends Runnable {

    /** Whether the host's last question failed or took long, so that this one may as well. */
    boolean isTroubled();

    /** There is no thread for it: counts as a question that failed. */
    void notRun();
}
