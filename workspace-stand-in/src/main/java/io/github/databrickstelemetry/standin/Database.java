package io.github.databrickstelemetry.standin;

import java.sql.Connection;
import java.sql.SQLException;

/** A database that runs the statements for which no answer is given. {@link H2Database} is one. */
@FunctionalInterface
public interface Database {

    /**
     * Opens the connection of one session. The workspace closes it when the session ends.
     *
     * @param schema the current schema of the session
     * @throws SQLException where there is no such schema
     */
    Connection connect(String schema) throws SQLException;
}
