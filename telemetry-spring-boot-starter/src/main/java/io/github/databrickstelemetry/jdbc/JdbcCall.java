package io.github.databrickstelemetry.jdbc;

import java.sql.SQLException;

/** A call of the driver. */
@FunctionalInterface
interface JdbcCall<R> {

    R run() throws SQLException;

    /** A call that returns nothing. */
    interface Action {

        void run() throws SQLException;
    }

    /** The action as a call whose result means nothing. */
    static JdbcCall<Boolean> of(Action action) {
        return () -> {
            action.run();
            return true;
        };
    }
}
