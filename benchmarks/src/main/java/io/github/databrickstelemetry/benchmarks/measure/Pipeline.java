package io.github.databrickstelemetry.benchmarks.measure;

/** Something that takes statements. */
interface Pipeline extends AutoCloseable {

    /** One statement: two events of ours, one span. Called by one thread per number. */
    void statement(int producer);

    /** Waits until all is through. */
    void drain();

    /** Events, metrics or spans that did not get through so far. */
    long lost();

    @Override
    void close();
}
