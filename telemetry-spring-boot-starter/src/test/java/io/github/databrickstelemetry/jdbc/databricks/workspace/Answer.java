package io.github.databrickstelemetry.jdbc.databricks.workspace;

import java.util.concurrent.CountDownLatch;

/** What the workspace makes of a statement. */
public sealed interface Answer {

    /** One INT column {@code n} with the values from 0, inline: JSON in SEA, columns in Thrift. */
    record Rows(int count) implements Answer {}

    /** One INT column {@code n} with the values from 0, in Arrow, inline. */
    record InlineArrow(int count, boolean compressed) implements Answer {}

    /** One INT column {@code n} with the values from 0, in Arrow, as links to cloud storage. */
    record CloudFetch(int chunks, int rowsPerChunk, boolean compressed) implements Answer {}

    /** So many rows were changed. */
    record Updated(long rows) implements Answer {}

    /** It is done, and there is nothing to show. */
    record Done() implements Answer {}

    /** The statement has an id, and failed. */
    record Failed(String sqlState, String errorCode, String message) implements Answer {}

    /** The request itself was refused; there is no statement. */
    record Refused(int status, String errorCode, String message) implements Answer {}

    /** Runs until it was asked for its status so many times. */
    record Polled(int times, Answer then) implements Answer {}

    /** Runs until it is released or cancelled. */
    record Held(CountDownLatch release, Answer then) implements Answer {}
}
