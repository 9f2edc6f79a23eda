package io.github.databrickstelemetry.runtime.internal;

/**
 * Work that may block, for a thread of the engine's export scheduler: an export or a flag request. Once it has begun, the
 * scheduler calls {@link #finish} once, whatever happens to the work.
 */
public interface BlockingTask {

    /** Whether the last task of the same client or host failed or took long. */
    boolean isTroubled();

    /** The time after which the work is aborted. */
    long limitNanos();

    /**
     * There is a thread for the work. On the worker.
     *
     * @return false if there is nothing to do any more; then no other method is called
     */
    default boolean begin() {
        return true;
    }

    /** Does the work. Not called if the task is aborted before, or if there is no thread after all. */
    void run();

    /** Closes what the work waits for, for example a socket. Called by another thread; may block. */
    void abort();

    /** Takes the result, on the worker. The work may never have run, or may still run if it could not be aborted. */
    void finish();
}
