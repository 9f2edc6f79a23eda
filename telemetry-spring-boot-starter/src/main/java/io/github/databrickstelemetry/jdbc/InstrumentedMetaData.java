package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Database metadata whose catalogue queries are reported. A proxy, because only eleven of its 180 methods are queries,
 * and none is called often. A query is complete when its call returns, as its result set is the driver's own.
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
        return Proxies.of(DatabaseMetaData.class, new InstrumentedMetaData(delegate, connection));
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
                Object found = Proxies.call(delegate, method, arguments);
                yield found == connection.delegate() ? connection.shown() : found;
            }
            case "unwrap" -> {
                Object found = Proxies.call(delegate, method, arguments);
                yield found == delegate && Proxies.isInstance(arguments, proxy) ? proxy : found;
            }
            default -> Proxies.call(delegate, method, arguments);
        };
    }

    private @Nullable Object query(OperationType operation, Method method, Object @Nullable [] arguments)
            throws Throwable {
        SessionTelemetry session = connection.session();
        Object mark = session.mark(delegate);
        long start = System.nanoTime();
        long key = session.started(operation, StatementType.METADATA, start, session.localDetails(null, 0));
        try {
            Object result = Proxies.call(delegate, method, arguments);
            session.completed(key, start, System.nanoTime(), session.ranSince(delegate, mark));
            return result;
        } catch (Throwable failure) {
            session.failed(key, System.nanoTime() - start, session.ranSince(delegate, mark), failure);
            throw failure;
        }
    }
}
