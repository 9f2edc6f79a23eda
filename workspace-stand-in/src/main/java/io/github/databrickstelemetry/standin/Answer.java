package io.github.databrickstelemetry.standin;

import java.util.concurrent.CompletableFuture;

/** What the workspace answers to a statement. Immutable. */
public sealed interface Answer {

    /** How rows reach the driver. */
    enum Delivery {
        /** In the response: JSON over SEA, columns over Thrift. */
        INLINE,
        /** In the response, in Arrow. */
        INLINE_ARROW,
        /** Arrow in cloud storage; the response has links to it. */
        CLOUD_FETCH
    }

    /**
     * Rows.
     *
     * @param table the rows
     * @param delivery how they reach the driver
     * @param rowsPerChunk at least 1
     * @param lz4 whether Arrow is compressed where the driver asks for it
     */
    record Rows(Table table, Delivery delivery, int rowsPerChunk, boolean lz4) implements Answer {

        int chunks() {
            return Math.max(1, (table.rows().size() + rowsPerChunk - 1) / rowsPerChunk);
        }

        int firstRow(int chunk) {
            return Math.min(chunk * rowsPerChunk, table.rows().size());
        }

        int rowsIn(int chunk) {
            return firstRow(chunk + 1) - firstRow(chunk);
        }
    }

    /** So many rows are changed. */
    record Updated(long rows) implements Answer {}

    /** The statement succeeds without a result. */
    record Done() implements Answer {}

    /** The statement gets an id and fails. */
    record Failed(String sqlState, String errorCode, String message) implements Answer {}

    /** The request itself fails with this HTTP status; there is no statement. */
    record Refused(int status, String errorCode, String message) implements Answer {}

    /** The statement runs until its status is polled so many times. */
    record Polled(int times, Answer then) implements Answer {}

    /** The statement runs until the future completes, or until it is cancelled. */
    record Pending(CompletableFuture<Answer> later) implements Answer {}

    /** Rows in the response. */
    static Answer rows(Table table) {
        return new Rows(table, Delivery.INLINE, Integer.MAX_VALUE / 2, false);
    }

    /** One INT column {@code n} with the values from 0, in the response. */
    static Answer numbers(int count) {
        return rows(Table.numbers(count));
    }

    /** Rows in cloud storage, compressed with LZ4 where the driver asks for it. */
    static Answer cloudFetch(Table table, int rowsPerChunk) {
        return new Rows(table, Delivery.CLOUD_FETCH, rowsPerChunk, true);
    }

    /** The statement runs until it is cancelled. */
    static Answer never() {
        return new Pending(new CompletableFuture<>());
    }
}
