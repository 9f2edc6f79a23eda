package io.github.databrickstelemetry.jdbc.databricks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the objects of the driver that one class loader knows. Thread-safe. What this version of the driver does not have
 * reads as null: each {@link Value} stands for itself.
 */
final class DriverObjects {

    private static final String ROOT = "com.databricks.jdbc.";
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

    /**
     * What is read: a class below the driver's root package, and its method or, without parentheses, its field. The ids of
     * connections and result sets are the driver's public interface; all else is internal. A static one takes any object.
     */
    enum Value {
        CONNECTION_ID("api.IDatabricksConnection", "getConnectionId()"),
        STATEMENT_ID("api.internal.IDatabricksStatementInternal", "getStatementId()"),
        STATEMENT_ID_WITHOUT_SECRET("dbclient.impl.common.StatementId", "toSQLExecStatementId()"),
        RESULT_SET_STATEMENT_ID("api.IDatabricksResultSet", "getStatementId()"),
        THREAD_STATEMENT_ID("common.util.DatabricksThreadContextHolder", "getStatementId()"),

        CONTEXT("api.internal.IDatabricksConnectionInternal", "getConnectionContext()"),
        IGNORES_TRANSACTIONS("api.internal.IDatabricksConnectionContext", "getIgnoreTransactions()"),
        FETCHES_AUTO_COMMIT("api.internal.IDatabricksConnectionContext", "getFetchAutoCommitFromServer()"),
        VALIDATES_BY_SQL("api.internal.IDatabricksConnectionContext", "getEnableSQLValidationForIsValid()"),
        SESSION("api.internal.IDatabricksConnectionInternal", "getSession()"),
        CATALOG("api.internal.IDatabricksSession", "getCatalog()"),

        COLLECTOR_OF_RESULT_SET("api.impl.DatabricksResultSet", "cachedTelemetryCollector"),
        /** A method of a singleton; takes the context. */
        COLLECTOR_OF_CONTEXT("telemetry.latency.TelemetryCollectorManager", "getOrCreateCollector"),
        TRACKERS("telemetry.latency.TelemetryCollector", "statementTrackers"),
        FORMAT("model.telemetry.StatementTelemetryDetails", "getExecutionResultFormat()"),
        CHUNKS("model.telemetry.StatementTelemetryDetails", "getChunkDetails()"),
        CHUNKS_PRESENT("model.telemetry.latency.ChunkDetails", "getTotalChunksPresent()"),
        CHUNKS_ITERATED("model.telemetry.latency.ChunkDetails", "getTotalChunksIterated()"),
        FIRST_CHUNK_MILLIS("model.telemetry.latency.ChunkDetails", "getInitialChunkLatencyMillis()"),
        SLOWEST_CHUNK_MILLIS("model.telemetry.latency.ChunkDetails", "getSlowestChunkLatencyMillis()"),
        ALL_CHUNKS_MILLIS("model.telemetry.latency.ChunkDetails", "getSumChunksDownloadTimeMillis()"),
        LATENCY("model.telemetry.StatementTelemetryDetails", "getResultLatency()"),
        RESULT_READY_MILLIS("model.telemetry.latency.ResultLatency", "getResultSetReadyLatencyMillis()"),
        CONSUMPTION_MILLIS("model.telemetry.latency.ResultLatency", "getResultSetConsumptionLatencyMillis()"),
        FIRST_ROW_AT_NANOS("model.telemetry.latency.ResultLatency", "startTimeOfResultSetIterationNano"),
        OPERATION("model.telemetry.StatementTelemetryDetails", "getOperationDetail()"),
        POLLS("model.telemetry.latency.OperationDetail", "nOperationStatusCalls"),
        POLLS_MILLIS("model.telemetry.latency.OperationDetail", "operationStatusLatencyMillis"),

        EXECUTION_RESULT("api.impl.DatabricksResultSet", "executionResult"),
        CHUNK_PROVIDER("api.impl.arrow.ArrowStreamResult", "chunkProvider"),
        DOWNLOAD_CODEC("api.impl.arrow.AbstractRemoteChunkProvider", "compressionCodec"),
        STREAMING_CODEC("api.impl.arrow.StreamingChunkProvider", "compressionCodec"),
        INLINE_CODEC("api.impl.arrow.SeaInlineArrowChunkProvider", "compressionCodec"),
        CHUNK_COUNT("api.impl.DatabricksResultSetMetaData", "getChunkCount()"),
        USED_CLOUD_FETCH("api.impl.DatabricksResultSetMetaData", "getIsCloudFetchUsed()");

        private final String owner;
        private final String member;

        Value(String owner, String member) {
            this.owner = owner;
            this.member = member;
        }
    }

    /** @param of the objects that the handle takes */
    private record Getter(Class<?> of, MethodHandle handle) {}

    final @Nullable Class<?> connection;
    final @Nullable Class<?> statement;
    final @Nullable Class<?> resultSet;

    /** What this version of the driver has. */
    private final Map<Value, Getter> getters = new EnumMap<>(Value.class);

    /** @param loader null for that of the JDK, which knows no driver */
    DriverObjects(@Nullable ClassLoader loader) {
        this.connection = find("api.IDatabricksConnection", loader);
        this.statement = find("api.internal.IDatabricksStatementInternal", loader);
        this.resultSet = find("api.IDatabricksResultSet", loader);
        if (connection == null) {
            // Knows no driver: looking for each value would cost the application's thread as many failures.
            return;
        }
        for (Value value : Value.values()) {
            Getter getter = getter(value, loader);
            if (getter != null) {
                getters.put(value, getter);
            }
        }
    }

    /**
     * The driver's own object behind an object of a pool; null if another driver made the object, or it is closed. A pool's proxy
     * may implement the driver's interfaces, as that of Atomikos does.
     */
    static @Nullable Object unwrap(@Nullable Wrapper physical, @Nullable Class<?> type) {
        if (type == null || physical == null) {
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
        }
        return isOfDriver ? physical : null;
    }

    /** Reads the object; null if it is null or of another class, or if the getter fails. */
    @Nullable
    Object read(Value value, @Nullable Object target) {
        Getter getter = getters.get(value);
        if (getter == null || !getter.of.isInstance(target)) {
            return null;
        }
        try {
            return getter.handle.invokeExact(target);
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable unreadable) {
            return null;
        }
    }

    /** The value if it is a text, else null. */
    @Nullable
    String text(Value value, @Nullable Object target) {
        return read(value, target) instanceof String text ? text : null;
    }

    /** The value if it is a number, else zero. */
    long number(Value value, @Nullable Object target) {
        return read(value, target) instanceof Number number ? number.longValue() : 0;
    }

    /** The name of the constant if the value is one, else null. */
    @Nullable
    String constant(Value value, @Nullable Object target) {
        return read(value, target) instanceof Enum<?> constant ? constant.name() : null;
    }

    /** Whether the value is true; not if it cannot be read. */
    boolean isTrue(Value value, @Nullable Object target) {
        return Boolean.TRUE.equals(read(value, target));
    }

    /** Whether the value is false; not if it cannot be read. */
    boolean isFalse(Value value, @Nullable Object target) {
        return Boolean.FALSE.equals(read(value, target));
    }

    static Stream<String> classes() {
        return Stream.of(Value.values()).map(value -> ROOT + value.owner);
    }

    private static @Nullable Class<?> find(String name, @Nullable ClassLoader loader) {
        try {
            return load(name, loader);
        } catch (ClassNotFoundException | LinkageError notInThisVersion) {
            return null;
        }
    }

    /** Without initialising the class: only a connection of the driver does that. */
    private static Class<?> load(String name, @Nullable ClassLoader loader) throws ClassNotFoundException {
        return Class.forName(ROOT + name, false, loader);
    }

    private static @Nullable Getter getter(Value value, @Nullable ClassLoader loader) {
        try {
            Class<?> owner = load(value.owner, loader);
            MethodHandle handle = value == Value.COLLECTOR_OF_CONTEXT
                    ? ofSingleton(owner, value.member, load("api.internal.IDatabricksConnectionContext", loader))
                    : handle(owner, value.member);
            return new Getter(handle.type().parameterType(0), handle.asType(GETTER));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError notInThisVersion) {
            return null;
        }
    }

    private static MethodHandle handle(Class<?> owner, String member) throws ReflectiveOperationException {
        if (!member.endsWith("()")) {
            return MethodHandles.privateLookupIn(owner, LOOKUP).unreflectGetter(owner.getDeclaredField(member));
        }
        Method method = owner.getMethod(member.substring(0, member.length() - 2));
        MethodHandle handle = LOOKUP.unreflect(method);
        return Modifier.isStatic(method.getModifiers()) ? MethodHandles.dropArguments(handle, 0, Object.class) : handle;
    }

    private static MethodHandle ofSingleton(Class<?> owner, String method, Class<?> parameter)
            throws ReflectiveOperationException {
        Object instance = owner.getMethod("getInstance").invoke(null);
        return LOOKUP.unreflect(owner.getMethod(method, parameter)).bindTo(instance);
    }
}
