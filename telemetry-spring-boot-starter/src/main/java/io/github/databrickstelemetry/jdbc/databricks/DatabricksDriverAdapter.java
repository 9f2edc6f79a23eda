package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.jdbc.ConnectionCall;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads the server's ids and the finished counters from objects of the Databricks driver. One per data source, as it
 * remembers the driver's classes: nothing of them outlives the data source. Thread-safe. Takes the driver's own objects
 * or a pool's, which are unwrapped.
 *
 * <p>Needs no driver on the class path, and takes any version of it: what a version does not tell is left out.
 */
public final class DatabricksDriverAdapter implements DriverAdapter {

    /** Resolved with the first object; twice at the same time is harmless. */
    private volatile @Nullable DriverObjects resolved;

    public DatabricksDriverAdapter() {}

    /** With classes that are known already. */
    DatabricksDriverAdapter(DriverObjects driver) {
        this.resolved = driver;
    }

    @Override
    public @Nullable String sessionId(Connection physical) {
        DriverObjects driver = driver(physical);
        return driver.sessionId(DriverObjects.unwrap(physical, driver.connection));
    }

    @Override
    public @Nullable Connection physical(Connection borrowed) {
        return DriverObjects.unwrap(borrowed, driver(borrowed).connection) instanceof Connection own ? own : null;
    }

    /**
     * Reads only what the driver forgets when the result set is closed: each getter costs the application's thread about
     * as much as an event.
     */
    @Override
    public @Nullable DeferredResult executed(Statement physical, @Nullable ResultSet resultSet, long startNanos) {
        DriverObjects driver = driver(physical);
        Object driverResultSet = resultSet == null ? null : DriverObjects.unwrap(resultSet, driver.resultSet);
        String id = driver.statementId(DriverObjects.unwrap(physical, driver.statement));
        if (id == null) {
            id = driver.resultSetStatementId(driverResultSet);
        }
        if (id == null) {
            return null;
        }
        return new DriverResult(
                driver,
                id,
                startNanos,
                tracker(driver, physical, driverResultSet, id),
                driverResultSet == null ? null : metaData((ResultSet) driverResultSet),
                driver.isCompressed(driverResultSet));
    }

    /** There is no result, but polls may have been counted. */
    @Override
    public @Nullable StatementResult failed(Statement physical) {
        DriverObjects driver = driver(physical);
        String id = driver.statementId(DriverObjects.unwrap(physical, driver.statement));
        return id == null
                ? null
                : new DriverResult(driver, id, 0, tracker(driver, physical, null, id), null, false).read();
    }

    private static @Nullable Object tracker(
            DriverObjects driver, Statement physical, @Nullable Object driverResultSet, String id) {
        Object collector = driver.collectorOfResultSet(driverResultSet);
        if (collector == null) {
            collector = driver.collectorOfConnection(connection(driver, physical));
        }
        return driver.tracker(collector, id);
    }

    /**
     * The driver keeps the id of the thread's last statement. The same instance before and after a call means that the
     * call ran no statement.
     */
    @Override
    public @Nullable Object mark(Wrapper physical) {
        return driver(physical).threadStatementId();
    }

    @Override
    public @Nullable StatementResult ranSince(Wrapper physical, @Nullable Object mark) {
        String after = driver(physical).threadStatementId();
        boolean ranAStatement = after != null && after != mark;
        String id = ranAStatement ? ServerIds.statement(after) : null;
        return id == null ? null : StatementResult.ofId(id);
    }

    /** Statements that the driver closes before the call returns, whose ids it then forgets. */
    @Override
    public boolean runsStatement(Connection physical, ConnectionCall call) throws SQLException {
        DriverObjects driver = driver(physical);
        Object own = DriverObjects.unwrap(physical, driver.connection);
        return switch (call) {
            case END_TRANSACTION -> driver.runsTransactions(own);
            case AUTO_COMMIT_ON, AUTO_COMMIT_OFF ->
                driver.runsTransactions(own)
                        && (driver.fetchesAutoCommit(own)
                                || physical.getAutoCommit() != (call == ConnectionCall.AUTO_COMMIT_ON));
            case GET_CATALOG -> driver.fetchesCatalog(own);
            case VALIDATE -> driver.runsValidation(own);
            case SET_NAMESPACE -> false;
        };
    }

    @Override
    public String overriding(String url, Map<String, String> overrides) {
        return DriverTelemetry.rewrite(url, overrides);
    }

    @Override
    public boolean isInUrl(String url, String property) {
        return DriverTelemetry.isInUrl(url, property);
    }

    @Override
    public boolean knows(String property, @Nullable ClassLoader driver) {
        return driver != null && DriverTelemetry.isKnown(property, driver);
    }

    @Override
    public boolean override(DataSource driverDataSource, UnaryOperator<Properties> change) {
        return DriverTelemetry.override(driverDataSource, change);
    }

    private static @Nullable Object connection(DriverObjects driver, Statement physical) {
        try {
            return DriverObjects.unwrap(physical.getConnection(), driver.connection);
        } catch (SQLException closed) {
            return null;
        }
    }

    private static @Nullable Object metaData(ResultSet resultSet) {
        try {
            return resultSet.getMetaData();
        } catch (SQLException none) {
            return null;
        }
    }

    /** The driver's classes: of the object's own class loader, or, behind a pool's, of the application's. */
    private DriverObjects driver(Object physical) {
        DriverObjects known = resolved;
        if (known != null) {
            return known;
        }
        DriverObjects found = null;
        for (ClassLoader loader : new ClassLoader[] {
            physical.getClass().getClassLoader(),
            Thread.currentThread().getContextClassLoader(),
            DatabricksDriverAdapter.class.getClassLoader()
        }) {
            if (loader != null && (found == null || !found.known())) {
                found = new DriverObjects(loader);
            }
        }
        if (found == null) {
            found = new DriverObjects(ClassLoader.getSystemClassLoader());
        }
        resolved = found;
        return found;
    }
}
