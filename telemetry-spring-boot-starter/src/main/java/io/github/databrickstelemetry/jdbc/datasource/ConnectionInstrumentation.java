package io.github.databrickstelemetry.jdbc.datasource;

import java.sql.Connection;
import javax.sql.PooledConnection;
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

    /**
     * A pooled connection gave out a handle: the pooled connection is the physical one, and so the session.
     *
     * @return the handle to give to the caller: an instrumented one, or the very same
     */
    default @Nullable Connection handle(PooledConnection pooled, @Nullable Connection handle, long startNanos) {
        return opened(handle, startNanos);
    }

    /** A pooled connection was closed, which took so long. */
    default void closed(PooledConnection pooled, long latencyNanos) {}

    /** Whether what it reports to has ended, so that others may instrument the data source anew. */
    boolean isEnded();
}
