package io.github.databrickstelemetry.jdbc.datasource;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** Sees what a data source's {@code getConnection} returned or threw. Thread-safe; never throws. */
interface ConnectionInstrumentation {

    /**
     * A connection was opened or borrowed.
     *
     * @param startNanos when the call began, in {@link System#nanoTime()}
     * @param connection null where a data source answers with null
     * @return the connection to give to the caller: an observed one, or the very same
     */
    @Nullable
    Connection opened(@Nullable Connection connection, long startNanos);

    /** No connection could be had. */
    void failed(Throwable failure);
}
