package io.github.databrickstelemetry.jdbc.databricks;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.function.SingletonSupplier;

/**
 * The driver's classes as one class loader knows them, and the getters of their objects. Resolved once per
 * driver. Immutable, thread-safe.
 *
 * <p>Connection ids and the ids of result sets are the driver's public interface; everything else is internal and may
 * be missing in another version, which then tells less.
 */
final class DriverObjects {

    private static final String ROOT = "com.databricks.jdbc.";

    private final ClassLoader loader;
    final @Nullable Class<?> connection;
    final @Nullable Class<?> statement;
    final @Nullable Class<?> resultSet;

    private final Probe connectionId;
    private final Probe statementId;
    private final Probe statementGuid;
    private final Probe resultSetStatementId;
    private final Probe threadStatementId;

    private final Probe connectionContext;
    private final Probe ignoresTransactions;
    private final Probe fetchesAutoCommit;
    private final Probe validatesBySql;
    private final Probe session;
    private final Probe catalog;
    private final Probe collector;
    private final Probe resultSetCollector;
    private final Probe trackers;
    private final Probe executionResult;
    private final Probe chunkProvider;
    private final Probe downloadCodec;
    private final Probe streamingCodec;
    private final Probe inlineCodec;
    private final Probe chunkCount;
    private final Probe cloudFetchUsed;
    private final SingletonSupplier<StatementCounters> counters;

    DriverObjects(ClassLoader loader) {
        this.loader = loader;
        this.connection = find("api.IDatabricksConnection");
        this.statement = find("api.internal.IDatabricksStatementInternal");
        this.resultSet = find("api.IDatabricksResultSet");
        this.connectionId = Probe.method(connection, "getConnectionId");
        this.statementId = Probe.method(statement, "getStatementId");
        this.statementGuid = Probe.method(find("dbclient.impl.common.StatementId"), "toSQLExecStatementId");
        this.resultSetStatementId = Probe.method(resultSet, "getStatementId");
        this.threadStatementId = Probe.statics(find("common.util.DatabricksThreadContextHolder"), "getStatementId");

        Class<?> internal = find("api.internal.IDatabricksConnectionInternal");
        Class<?> context = find("api.internal.IDatabricksConnectionContext");
        this.connectionContext = Probe.method(internal, "getConnectionContext");
        this.ignoresTransactions = Probe.method(context, "getIgnoreTransactions");
        this.fetchesAutoCommit = Probe.method(context, "getFetchAutoCommitFromServer");
        this.validatesBySql = Probe.method(context, "getEnableSQLValidationForIsValid");
        this.session = Probe.method(internal, "getSession");
        this.catalog = Probe.method(find("api.internal.IDatabricksSession"), "getCatalog");
        this.collector =
                Probe.singleton(find("telemetry.latency.TelemetryCollectorManager"), "getOrCreateCollector", context);
        this.trackers = Probe.field(find("telemetry.latency.TelemetryCollector"), "statementTrackers");
        Class<?> driverResultSet = find("api.impl.DatabricksResultSet");
        this.resultSetCollector = Probe.field(driverResultSet, "cachedTelemetryCollector");
        this.executionResult = Probe.field(driverResultSet, "executionResult");
        this.chunkProvider = Probe.field(find("api.impl.arrow.ArrowStreamResult"), "chunkProvider");
        this.downloadCodec = Probe.field(find("api.impl.arrow.AbstractRemoteChunkProvider"), "compressionCodec");
        this.streamingCodec = Probe.field(find("api.impl.arrow.StreamingChunkProvider"), "compressionCodec");
        this.inlineCodec = Probe.field(find("api.impl.arrow.SeaInlineArrowChunkProvider"), "compressionCodec");
        Class<?> metaData = find("api.impl.DatabricksResultSetMetaData");
        this.chunkCount = Probe.method(metaData, "getChunkCount");
        this.cloudFetchUsed = Probe.method(metaData, "getIsCloudFetchUsed");
        // Resolved on the worker, so that application threads do not look for them.
        this.counters = SingletonSupplier.of(() -> new StatementCounters(this::find));
    }

    /** Found without being initialised: only a connection of the driver does that. */
    private @Nullable Class<?> find(String name) {
        try {
            return Class.forName(ROOT + name, false, loader);
        } catch (ClassNotFoundException | LinkageError notInThisVersion) {
            return null;
        }
    }

    /** Whether this class loader knows the driver at all. */
    boolean known() {
        return connection != null;
    }

    /**
     * The driver's own object behind an object of a pool; null if another driver made the object, or it is closed. A pool's proxy
     * may implement the driver's interfaces, as that of Atomikos does.
     */
    static @Nullable Object unwrap(Wrapper physical, @Nullable Class<?> type) {
        if (type == null) {
            return null;
        }
        boolean isOfDriver = type.isInstance(physical);
        if (isOfDriver && !(physical instanceof Proxy)) {
            return physical;
        }
        try {
            Object unwrapped = physical.isWrapperFor(type) ? physical.unwrap(type) : null;
            if (type.isInstance(unwrapped)) {
                return unwrapped;
            }
        } catch (SQLException closed) {
            return null;
        } catch (RuntimeException | LinkageError notImplemented) {
            // A proxy without these methods of JDBC is read as it is.
            return isOfDriver ? physical : null;
        }
        return isOfDriver ? physical : null;
    }

    @Nullable
    String sessionId(@Nullable Object driverConnection) {
        return ServerIds.session(connectionId.readText(driverConnection));
    }

    /** The id of the statement's last execution. Asked for the part that is no secret, else cut. */
    @Nullable
    String statementId(@Nullable Object driverStatement) {
        Object id = statementId.read(driverStatement);
        if (id == null) {
            return null;
        }
        String guid = statementGuid.readText(id);
        return ServerIds.statement(guid == null ? id.toString() : guid);
    }

    @Nullable
    String resultSetStatementId(@Nullable Object driverResultSet) {
        return ServerIds.statement(resultSetStatementId.readText(driverResultSet));
    }

    /** The id of the statement that the calling thread ran last, or null. The instance tells one run from the next. */
    @Nullable
    String threadStatementId() {
        return threadStatementId.readText(this);
    }

    /** Whether commit, rollback and auto-commit reach the server. */
    boolean runsTransactions(@Nullable Object driverConnection) {
        return Boolean.FALSE.equals(ignoresTransactions.read(connectionContext.read(driverConnection)));
    }

    /** Whether the driver reads the auto-commit mode from the server. */
    boolean fetchesAutoCommit(@Nullable Object driverConnection) {
        return Boolean.TRUE.equals(fetchesAutoCommit.read(connectionContext.read(driverConnection)));
    }

    /** Whether {@code isValid} runs a query. */
    boolean runsValidation(@Nullable Object driverConnection) {
        return Boolean.TRUE.equals(validatesBySql.read(connectionContext.read(driverConnection)));
    }

    /** Whether the driver reads the catalog from the server, as it does not know it. */
    boolean fetchesCatalog(@Nullable Object driverConnection) {
        Object known = session.read(driverConnection);
        return known != null && catalog.read(known) == null;
    }

    /** Where the driver counts for the statements of a connection, as it is at hand in a result set. */
    @Nullable
    Object collectorOfResultSet(@Nullable Object driverResultSet) {
        return resultSetCollector.read(driverResultSet);
    }

    /** The same for a connection. */
    @Nullable
    Object collectorOfConnection(@Nullable Object driverConnection) {
        return collector.read(connectionContext.read(driverConnection));
    }

    /** The object in which the driver counts for this statement, or null. Only looks; the driver makes it. */
    @Nullable
    Object tracker(@Nullable Object collector, String statementId) {
        Object trackersById = trackers.read(collector);
        return trackersById instanceof Map<?, ?> map ? map.get(statementId) : null;
    }

    boolean isCompressed(@Nullable Object driverResultSet) {
        Object provider = chunkProvider.read(executionResult.read(driverResultSet));
        String codec = downloadCodec.readConstant(provider);
        if (codec == null) {
            codec = streamingCodec.readConstant(provider);
        }
        if (codec == null) {
            codec = inlineCodec.readConstant(provider);
        }
        return codec != null && !codec.equals("NONE");
    }

    long chunkCount(@Nullable Object metaData) {
        return chunkCount.readNumber(metaData);
    }

    /** Whether the result came as links to cloud storage; null when not known. */
    @Nullable
    Boolean usedCloudFetch(@Nullable Object metaData) {
        return cloudFetchUsed.read(metaData) instanceof Boolean used ? used : null;
    }

    StatementCounters counters() {
        return counters.obtain();
    }
}
