package io.github.databrickstelemetry.jdbc;

import java.sql.SQLException;

/** What the close of an instrumented connection means to its session. Thread-safe. */
public interface ConnectionEnd {

    /** The connection was closed, which took so long. May be called more than once. */
    void closed(long latencyNanos) throws SQLException;
}
