package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.StatementType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A prepared statement, each of whose execute methods is reported. */
class InstrumentedPreparedStatement extends DelegatingPreparedStatement {

    InstrumentedPreparedStatement(PreparedStatement delegate, InstrumentedConnection connection) {
        super(delegate, connection);
    }

    @Override
    public final ResultSet executeQuery() throws SQLException {
        begin(StatementType.QUERY);
        try {
            ResultSet result = prepared.executeQuery();
            succeeded(result);
            return result;
        } catch (Throwable failure) {
            failed(failure);
            throw failure;
        }
    }

    @Override
    public final boolean execute() throws SQLException {
        begin(StatementType.SQL);
        try {
            boolean result = prepared.execute();
            succeeded(null);
            return result;
        } catch (Throwable failure) {
            failed(failure);
            throw failure;
        }
    }

    @Override
    public final int executeUpdate() throws SQLException {
        begin(StatementType.UPDATE);
        try {
            int result = prepared.executeUpdate();
            succeeded(null);
            return result;
        } catch (Throwable failure) {
            failed(failure);
            throw failure;
        }
    }

    @Override
    public final long executeLargeUpdate() throws SQLException {
        begin(StatementType.UPDATE);
        try {
            long result = prepared.executeLargeUpdate();
            succeeded(null);
            return result;
        } catch (Throwable failure) {
            failed(failure);
            throw failure;
        }
    }
}
