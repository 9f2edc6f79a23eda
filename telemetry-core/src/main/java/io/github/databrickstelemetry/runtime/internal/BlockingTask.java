package io.github.databrickstelemetry.runtime.internal;

/**
 * Work that may block, for a thread of the engine's export scheduler: an export or a flag request. Once it has begun, the
 * scheduler calls {@link #finish} once, whatever happens to the work.
 */
public abstract class BlockingTask {

    private final boolean troubled;
    private final long limitNanos;

    /**
     * @param troubled whether the last task of the same client or host failed or took long
     * @param limitNanos the time after which the work is aborted
     */
    protected BlockingTask(boolean troubled, long limitNanos) {
        this.troubled = troubled;
        this.limitNanos = limitNanos;
    }

    public final boolean isTroubled() {
        return troubled;
    }

    public final long limitNanos() {
        return limitNanos;
    }

    /**
     * There is a thread for the work. On the worker.
     *
     * @return false if there is nothing to do any more; then no other method is called
     */
    public boolean begin() {
        return true;
    }

    /** Does the work. Not called if the task is aborted before, or if there is no thread after all. */
    public abstract void run();

    /** Ends what the work waits for, for example by closing its socket. On the worker, so it never blocks. */
    public abstract void abort();

    /** Takes the result, on the worker. The work may never have run, or may still run if it could not be aborted. */
    public abstract void finish();
}
