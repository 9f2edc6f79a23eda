package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.jdbc.delegate.DelegatingPreparedStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A prepared statement whose execute methods are reported. */
final class InstrumentedPreparedStatement extends InstrumentedStatement<PreparedStatement>
        implements DelegatingPreparedStatement {

    private final String sql;

    InstrumentedPreparedStatement(PreparedStatement delegate, String sql, InstrumentedConnection connection) {
        super(delegate, connection);
        this.sql = sql;
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return report(StatementType.QUERY, sql, 0, delegate::executeQuery);
    }

    @Override
    public boolean execute() throws SQLException {
        return report(StatementType.SQL, sql, 0, delegate::execute);
    }

    @Override
    public int executeUpdate() throws SQLException {
        return report(StatementType.UPDATE, sql, 0, delegate::executeUpdate);
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return report(StatementType.UPDATE, sql, 0, delegate::executeLargeUpdate);
    }

    @Override
    public void addBatch() throws SQLException {
        delegate.addBatch();
        added(sql);
    }
}
