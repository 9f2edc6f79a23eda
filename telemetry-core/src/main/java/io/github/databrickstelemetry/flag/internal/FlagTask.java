package io.github.databrickstelemetry.flag.internal;

/**
 * One flag request, for a thread that it may block. The owner calls {@link #run} or {@link #notRun}, once. Neither
 * throws.
 */
public interface FlagTask extends Runnable {

    /** Ends the request in flight, which then counts as failed. For any thread; never blocks. */
    void abort();

    /** Whether the host's last request failed or took long. */
    boolean isTroubled();

    /** There is no thread for it, or it was aborted: counts as a request that failed. */
    void notRun();
}
