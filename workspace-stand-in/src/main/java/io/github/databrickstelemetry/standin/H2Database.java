package io.github.databrickstelemetry.standin;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** An H2 database in memory, with names as Databricks treats them and a schema {@code default}. Thread-safe. */
public final class H2Database implements Database, AutoCloseable {

    private final String url = "jdbc:h2:mem:stand-in-" + UUID.randomUUID()
            + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;IGNORE_CATALOGS=TRUE";

    /** Keeps the data: H2 drops an unnamed database with its last connection. */
    private final Connection keeper;

    private H2Database() throws SQLException {
        keeper = DriverManager.getConnection(url);
    }

    /**
     * Creates a database.
     *
     * @param statements run once, in order: the schemas and tables
     * @throws SQLException where one of them fails
     */
    public static H2Database create(String... statements) throws SQLException {
        H2Database database = new H2Database();
        try (Statement statement = database.keeper.createStatement()) {
            statement.execute("CREATE SCHEMA \"default\"");
            for (String sql : statements) {
                statement.execute(sql);
            }
            return database;
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    /** Opens a connection, to be closed by the caller. */
    @Override
    public Connection connect(String schema) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SCHEMA \"" + schema.replace("\"", "\"\"") + '"');
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Drops the data. */
    @Override
    public void close() throws SQLException {
        keeper.close();
    }
}
