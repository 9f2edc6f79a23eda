package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.event.ResultFormat;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    /** What the driver would have forgotten by the end of the statement, and what need not be asked again. */
    private record Execution(
            String id,
            @Nullable Object tracker,
            long chunks,
            @Nullable Boolean cloudFetch,
            boolean compressed) {}

    /** Written by whoever comes first; resolving twice at the same time is harmless. */
    private volatile @Nullable DriverObjects resolved;

    public DatabricksDriverAdapter() {}

    /** With classes that are known already. */
    DatabricksDriverAdapter(DriverObjects driver) {
        this.resolved = driver;
    }

    @Override
    public @Nullable String sessionId(Connection physical) {
        DriverObjects driver = driver(physical);
        return driver.sessionId(unwrap(physical, driver.connection));
    }

    @Override
    public Connection physical(Connection pooled) {
        return unwrap(pooled, driver(pooled).connection) instanceof Connection own ? own : pooled;
    }

    @Override
    public @Nullable Object executed(Statement physical, @Nullable ResultSet resultSet) {
        DriverObjects driver = driver(physical);
        Object statement = unwrap(physical, driver.statement);
        String id = driver.statementId(statement);
        if (id == null) {
            return null;
        }
        Object tracker = driver.tracker(connection(driver, physical), id);
        Object driverResultSet = resultSet == null ? null : unwrap(resultSet, driver.resultSet);
        Object metaData = driverResultSet == null ? null : metaData((ResultSet) driverResultSet);
        return new Execution(
                id,
                tracker,
                driver.chunkCount(metaData),
                driver.usedCloudFetch(metaData),
                driver.isCompressed(driverResultSet));
    }

    @Override
    public @Nullable StatementResult statementResult(
            Statement physical, @Nullable ResultSet lastResultSet, @Nullable Object remembered) {
        DriverObjects driver = driver(physical);
        if (remembered instanceof Execution execution) {
            return result(driver, execution);
        }
        String id = driver.statementId(unwrap(physical, driver.statement));
        if (id == null && lastResultSet != null) {
            id = driver.resultSetStatementId(unwrap(lastResultSet, driver.resultSet));
        }
        if (id == null) {
            return null;
        }
        // A failed execution: there is no result, but polls may have been counted.
        Object tracker = driver.tracker(connection(driver, physical), id);
        return result(driver, new Execution(id, tracker, 0, null, false));
    }

    private static StatementResult result(DriverObjects driver, Execution execution) {
        StatementCounters counters = driver.counters();
        Object tracker = execution.tracker();
        ResultFormat format = format(counters.format(tracker), execution.cloudFetch());
        return counters.result(tracker, execution.id(), format, execution.compressed(), execution.chunks());
    }

    /** The driver counts every Arrow result of the SQL execution API as links, although small ones come inline. */
    private static ResultFormat format(@Nullable String counted, @Nullable Boolean cloudFetch) {
        ResultFormat format = DriverObjects.format(counted);
        if (cloudFetch == null) {
            return format;
        }
        if (format == ResultFormat.EXTERNAL_LINKS && !cloudFetch) {
            return ResultFormat.INLINE_ARROW;
        }
        return format == ResultFormat.FORMAT_UNSPECIFIED && cloudFetch ? ResultFormat.EXTERNAL_LINKS : format;
    }

    /**
     * Result sets of metadata carry a made-up id; the true one is only known to the thread that ran the query. It is
     * there before, too, left by an earlier statement: so the instance is remembered, and compared afterwards.
     */
    @Override
    public @Nullable Object beforeMetadata(DatabaseMetaData physical) {
        return driver(physical).threadStatementId();
    }

    @Override
    public @Nullable StatementResult metadataResult(
            DatabaseMetaData physical, @Nullable ResultSet resultSet, @Nullable Object before) {
        String after = driver(physical).threadStatementId();
        boolean ranAStatement = after != null && after != before;
        String id = ranAStatement ? ServerIds.statement(after) : null;
        return id == null ? null : StatementResult.ofId(id);
    }

    @Override
    public String overriding(String url, Map<String, String> overrides) {
        return DriverTelemetry.rewrite(url, overrides);
    }

    @Override
    public boolean override(DataSource driverDataSource, UnaryOperator<Properties> change) {
        return DriverTelemetry.override(driverDataSource, change);
    }

    private static @Nullable Object connection(DriverObjects driver, Statement physical) {
        try {
            return unwrap(physical.getConnection(), driver.connection);
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

    private static @Nullable Object unwrap(Object physical, @Nullable Class<?> type) {
        try {
            return DriverObjects.unwrap(physical, type);
        } catch (SQLException closed) {
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
