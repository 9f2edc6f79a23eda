package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import java.lang.reflect.Method;
import java.sql.DatabaseMetaData;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Database metadata whose catalogue queries are reported: eleven of its 180 methods. A query is complete when its call
 * returns, as its result set is the driver's own.
 */
final class InstrumentedMetaData extends JdbcProxy<DatabaseMetaData> {

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

    private final InstrumentedConnection connection;

    /** What the application has. */
    final DatabaseMetaData shown;

    InstrumentedMetaData(DatabaseMetaData delegate, InstrumentedConnection connection) {
        super(DatabaseMetaData.class, delegate, delegate);
        this.connection = connection;
        this.shown = create();
    }

    @Override
    @Nullable
    Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        OperationType query = QUERIES.get(method.getName());
        if (query != null) {
            return query(query, method, arguments);
        }
        Object result = super.call(method, arguments);
        boolean isConnection = method.getName().equals("getConnection") && result == connection.delegate();
        return isConnection ? connection.shown() : result;
    }

    private @Nullable Object query(OperationType operation, Method method, Object @Nullable [] arguments)
            throws Throwable {
        SessionTelemetry session = connection.session;
        Object mark = session.mark(delegate());
        long start = System.nanoTime();
        long key = session.started(operation, StatementType.METADATA, start, null, 0);
        try {
            Object result = super.call(method, arguments);
            session.completed(key, System.nanoTime() - start, session.ranSince(delegate(), mark));
            return result;
        } catch (Throwable failure) {
            session.failed(key, System.nanoTime() - start, session.ranSince(delegate(), mark), failure);
            throw failure;
        }
    }
}
