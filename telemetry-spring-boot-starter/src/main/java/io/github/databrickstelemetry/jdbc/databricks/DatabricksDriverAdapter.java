package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.databricks.DriverObjects.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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

    /** With a class loader that is known to find the driver, or none. */
    DatabricksDriverAdapter(ClassLoader driver) {
        this.resolved = new DriverObjects(driver);
    }

    @Override
    public @Nullable String sessionId(Connection physical) {
        DriverObjects driver = driver(physical);
        return ServerIds.session(driver.text(Value.CONNECTION_ID, DriverObjects.unwrap(physical, driver.connection)));
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
        Object rows = DriverObjects.unwrap(resultSet, driver.resultSet);
        String id = statementId(driver, physical);
        if (id == null) {
            id = ServerIds.statement(driver.text(Value.RESULT_SET_STATEMENT_ID, rows));
        }
        return id == null
                ? null
                : new DriverResult(
                        driver,
                        id,
                        startNanos,
                        tracker(driver, physical, rows, id),
                        metaData(rows),
                        isCompressed(driver, rows));
    }

    /** There is no result, but polls may have been counted. */
    @Override
    public @Nullable StatementResult failed(Statement physical) {
        DriverObjects driver = driver(physical);
        String id = statementId(driver, physical);
        return id == null
                ? null
                : new DriverResult(driver, id, 0, tracker(driver, physical, null, id), null, false).read();
    }

    /**
     * The driver keeps the id of the thread's last statement. The same instance before and after a call means that the
     * call ran no statement.
     */
    @Override
    public @Nullable Object mark(Wrapper physical) {
        return threadStatementId(physical);
    }

    @Override
    public @Nullable StatementResult ranSince(Wrapper physical, @Nullable Object mark) {
        String after = threadStatementId(physical);
        String id = after == mark ? null : ServerIds.statement(after);
        return id == null ? null : StatementResult.ofId(id);
    }

    /** Statements that the driver closes before the call returns, whose ids it then forgets. */
    @Override
    public boolean runsStatement(Connection physical, ConnectionCall call) throws SQLException {
        DriverObjects driver = driver(physical);
        Object own = DriverObjects.unwrap(physical, driver.connection);
        Object context = driver.read(Value.CONTEXT, own);
        return switch (call) {
            case END_TRANSACTION -> driver.is(false, Value.IGNORES_TRANSACTIONS, context);
            case AUTO_COMMIT_ON, AUTO_COMMIT_OFF ->
                driver.is(false, Value.IGNORES_TRANSACTIONS, context)
                        && (driver.is(true, Value.FETCHES_AUTO_COMMIT, context)
                                || physical.getAutoCommit() != (call == ConnectionCall.AUTO_COMMIT_ON));
            case GET_CATALOG -> {
                Object session = driver.read(Value.SESSION, own);
                yield session != null && driver.read(Value.CATALOG, session) == null;
            }
            case VALIDATE -> driver.is(true, Value.VALIDATES_BY_SQL, context);
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

    /** The id of the statement's last execution. The driver is asked for the part that is no secret, else it is cut. */
    private static @Nullable String statementId(DriverObjects driver, Statement physical) {
        Object id = driver.read(Value.STATEMENT_ID, DriverObjects.unwrap(physical, driver.statement));
        if (id == null) {
            return null;
        }
        String withoutSecret = driver.text(Value.STATEMENT_ID_WITHOUT_SECRET, id);
        return ServerIds.statement(withoutSecret == null ? id.toString() : withoutSecret);
    }

    private @Nullable String threadStatementId(Wrapper physical) {
        DriverObjects driver = driver(physical);
        return driver.text(Value.THREAD_STATEMENT_ID, driver);
    }

    /** The object in which the driver counts for this statement, or null. Only looks; the driver makes it. */
    private static @Nullable Object tracker(
            DriverObjects driver, Statement physical, @Nullable Object rows, String id) {
        Object collector = driver.read(Value.COLLECTOR_OF_RESULT_SET, rows);
        if (collector == null) {
            Object context = driver.read(Value.CONTEXT, connection(driver, physical));
            collector = driver.read(Value.COLLECTOR_OF_CONTEXT, context);
        }
        return driver.read(Value.TRACKERS, collector) instanceof Map<?, ?> trackers ? trackers.get(id) : null;
    }

    private static @Nullable Object connection(DriverObjects driver, Statement physical) {
        try {
            return DriverObjects.unwrap(physical.getConnection(), driver.connection);
        } catch (SQLException closed) {
            return null;
        }
    }

    private static @Nullable Object metaData(@Nullable Object rows) {
        try {
            return rows == null ? null : ((ResultSet) rows).getMetaData();
        } catch (SQLException none) {
            return null;
        }
    }

    private static boolean isCompressed(DriverObjects driver, @Nullable Object rows) {
        Object chunks = driver.read(Value.CHUNK_PROVIDER, driver.read(Value.EXECUTION_RESULT, rows));
        String codec = driver.constant(Value.DOWNLOAD_CODEC, chunks);
        if (codec == null) {
            codec = driver.constant(Value.STREAMING_CODEC, chunks);
        }
        if (codec == null) {
            codec = driver.constant(Value.INLINE_CODEC, chunks);
        }
        return codec != null && !codec.equals("NONE");
    }

    /** The driver's classes: of the object's own class loader, or, behind a pool's, of the application's. */
    private DriverObjects driver(Object physical) {
        DriverObjects known = resolved;
        if (known == null) {
            known = Stream.of(
                            physical.getClass().getClassLoader(),
                            Thread.currentThread().getContextClassLoader(),
                            DatabricksDriverAdapter.class.getClassLoader())
                    .map(DriverObjects::new)
                    .filter(DriverObjects::known)
                    .findFirst()
                    .orElseGet(() -> new DriverObjects(null));
            resolved = known;
        }
        return known;
    }
}
