package io.github.databrickstelemetry.jdbc.datasource;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbc.JdbcConnection;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Promises a class of H2's, so that its connections cannot be instrumented. */
public class PromisingDataSource extends AbstractDataSource {

    private final DataSource target;

    public PromisingDataSource(DataSource target) {
        this.target = target;
    }

    @Override
    public JdbcConnection getConnection() throws SQLException {
        return (JdbcConnection) target.getConnection();
    }

    @Override
    public JdbcConnection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }
}
