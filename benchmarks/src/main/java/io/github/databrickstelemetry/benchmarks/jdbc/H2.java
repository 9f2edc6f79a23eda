package io.github.databrickstelemetry.benchmarks.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A real database in memory, to show the cost in proportion. */
final class H2 {

    private H2() {}

    static DataSource dataSource() {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        dataSource.setUser("sa");
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE point(id INT PRIMARY KEY, a INT, b VARCHAR(20), c BIGINT, d DOUBLE)");
            statement.execute("INSERT INTO point SELECT x, x, 'text', x, x FROM SYSTEM_RANGE(1, 1000)");
            statement.execute("CREATE TABLE wide(a INT, b VARCHAR(20), c BIGINT, d DOUBLE, e VARCHAR(20))");
            statement.execute("INSERT INTO wide SELECT x, 'text', x, x, 'text' FROM SYSTEM_RANGE(1, 10000)");
            statement.execute("CREATE TABLE target(id INT, a VARCHAR(20))");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        return dataSource;
    }
}
