package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/**
 * Details of one statement that only the application's own tools may see: traces, the statement log, recent statements.
 * Immutable. The packages {@code export} and {@code workspace} must not reference this type, so that no change can send
 * these details to the workspace.
 *
 * @param dataSource the data source that ran the statement
 * @param batchSize statements in a JDBC batch; 0 outside a batch
 * @param queryText the SQL text, only with {@code insight.query-text}; otherwise null
 * @param traceContext the trace context of the thread that ran the statement, as captured by the tracing integration;
 *     null without one
 */
public record LocalDetails(
        LocalDataSource dataSource,
        int batchSize,
        @Nullable String queryText,
        @Nullable Object traceContext) {

    /** Details of a statement that is reported through an emitter without a data source. */
    public static final LocalDetails NONE = new LocalDetails(LocalDataSource.UNKNOWN, 0, null, null);

    private static final int MAX_QUERY_TEXT = 2_048;

    public LocalDetails {
        queryText = Text.capNullable(queryText, MAX_QUERY_TEXT);
    }

    /** Without the SQL text. */
    @Override
    public String toString() {
        return "LocalDetails[" + dataSource.name() + "]";
    }

    /**
     * The data source of a statement. Made once per data source.
     *
     * @param name the bean name
     * @param namespace catalog and schema of the JDBC URL, or null when not known
     * @param warehouseId the warehouse's id, or null when not known or on a cluster
     * @param workspaceId the workspace's numeric id, or null when not known
     * @param scheme of the workspace's address: {@code https}, or {@code http} for a stand-in
     */
    public record LocalDataSource(
            String name,
            @Nullable String namespace,
            @Nullable String warehouseId,
            @Nullable Long workspaceId,
            String scheme) {

        /** No data source known. */
        public static final LocalDataSource UNKNOWN = new LocalDataSource("unknown", null, null, null);

        /** The data source of a workspace that is reached over HTTPS. */
        public LocalDataSource(
                String name, @Nullable String namespace, @Nullable String warehouseId, @Nullable Long workspaceId) {
            this(name, namespace, warehouseId, workspaceId, "https");
        }
    }
}
