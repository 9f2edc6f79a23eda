package io.github.databrickstelemetry.jdbc;

import static io.github.databrickstelemetry.jdbc.SessionTelemetry.NO_STATEMENT;

import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Database metadata whose catalogue queries are reported. A proxy, because of its 180 methods eleven matter and none is
 * called often. A query is complete when its call returns, as its result set is the driver's own.
 */
final class InstrumentedMetaData implements InvocationHandler {

    private static final Map<String, OperationType> QUERIES = Map.ofEntries(
            Map.entry("getTypeInfo", OperationType.LIST_TYPE_INFO),
            Map.entry("getCatalogs", OperationType.LIST_CATALOGS),
            Map.entry("getSchemas", OperationType.LIST_SCHEMAS),
            Map.entry("getTables", OperationType.LIST_TABLES),
            Map.entry("getTableTypes", OperationType.LIST_TABLE_TYPES),
            Map.entry("getColumns", OperationType.LIST_COLUMNS),
            Map.entry("getFunctions", OperationType.LIST_FUNCTIONS),
            Map.entry("getPrimaryKeys", OperationType.LIST_PRIMARY_KEYS),
            Map.entry("getImportedKeys", OperationType.LIST_IMPORTED_KEYS),
            Map.entry("getExportedKeys", OperationType.LIST_EXPORTED_KEYS),
            Map.entry("getCrossReference", OperationType.LIST_CROSS_REFERENCES));

    private final DatabaseMetaData delegate;
    private final InstrumentedConnection connection;

    private InstrumentedMetaData(DatabaseMetaData delegate, InstrumentedConnection connection) {
        this.delegate = delegate;
        this.connection = connection;
    }

    static DatabaseMetaData of(DatabaseMetaData delegate, InstrumentedConnection connection) {
        return (DatabaseMetaData) Proxy.newProxyInstance(
                InstrumentedMetaData.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                new InstrumentedMetaData(delegate, connection));
    }

    /** Whether {@code proxy}, made here, stands for {@code delegate}. */
    static boolean isOf(@Nullable Object proxy, Object delegate) {
        return proxy != null
                && Proxy.isProxyClass(proxy.getClass())
                && Proxy.getInvocationHandler(proxy) instanceof InstrumentedMetaData metaData
                && metaData.delegate == delegate;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        OperationType query = QUERIES.get(method.getName());
        if (query != null) {
            return query(query, method, arguments);
        }
        return switch (method.getName()) {
            case "equals" -> arguments != null && isOf(arguments[0], delegate);
            case "getConnection" -> {
                Object found = call(method, arguments);
                yield found == connection.delegate() ? connection : found;
            }
            case "unwrap" -> {
                Object found = call(method, arguments);
                yield found == delegate && isInstance(arguments, proxy) ? proxy : found;
            }
            default -> call(method, arguments);
        };
    }

    private static boolean isInstance(Object @Nullable [] arguments, Object proxy) {
        return arguments != null && arguments[0] instanceof Class<?> iface && iface.isInstance(proxy);
    }

    private @Nullable Object query(OperationType operation, Method method, Object @Nullable [] arguments)
            throws Throwable {
        SessionTelemetry session = connection.session();
        Object before = session.beforeMetadata(delegate);
        long start = System.nanoTime();
        long key = session.started(operation, StatementType.METADATA, start);
        try {
            Object result = call(method, arguments);
            if (key != NO_STATEMENT) {
                long end = System.nanoTime();
                ResultSet resultSet = result instanceof ResultSet found ? found : null;
                session.completed(key, start, end, session.metadataResultOf(delegate, resultSet, before));
            }
            return result;
        } catch (Throwable failure) {
            if (key != NO_STATEMENT) {
                long latencyNanos = System.nanoTime() - start;
                session.failed(key, latencyNanos, session.metadataResultOf(delegate, null, before), failure);
            }
            throw failure;
        }
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(delegate, arguments);
        } catch (InvocationTargetException wrapped) {
            Throwable cause = wrapped.getCause();
            throw cause == null ? wrapped : cause;
        }
    }
}
