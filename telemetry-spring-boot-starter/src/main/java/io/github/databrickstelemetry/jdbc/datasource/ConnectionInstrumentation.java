package io.github.databrickstelemetry.jdbc.datasource;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** What happens to the connections of a data source, and to its failures to connect. Thread-safe; never throws. */
interface ConnectionInstrumentation {

    /**
     * A connection was opened or borrowed.
     *
     * @param startNanos when the call started, in {@link System#nanoTime()}
     * @param connection null where a data source answers with null
     * @return the connection to give to the caller: an instrumented one, or the very same
     */
    @Nullable
    Connection opened(@Nullable Connection connection, long startNanos);

    /** An attempt to connect failed. */
    void failed(Throwable failure);

    /** The driver's connection behind one that a pool gives out. */
    default Connection physical(Connection connection) {
        return connection;
    }

    /** A physical connection was closed otherwise than through what {@link #opened} returned. */
    default void closed(Connection physical, long latencyNanos) {}

    /** Whether what it reports to has ended, so that others may instrument the data source anew. */
    boolean isEnded();
}
