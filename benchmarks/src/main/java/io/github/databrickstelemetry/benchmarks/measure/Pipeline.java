package io.github.databrickstelemetry.benchmarks.measure;

/** A pipeline under measurement. */
interface Pipeline extends AutoCloseable {

    /** One statement: two events of ours, one span. Called by one thread per number. */
    void statement(int producer);

    /** Waits until everything is delivered. */
    void drain();

    /** Events, metrics or spans that were lost so far. */
    long lost();

    @Override
    void close();
}
