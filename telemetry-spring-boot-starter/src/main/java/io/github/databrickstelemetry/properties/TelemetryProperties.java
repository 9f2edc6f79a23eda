package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.config.ExportLevel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;

/**
 * All properties of this library. The values are validated when they are converted to {@link TelemetrySettings}.
 *
 * @param enabled Whether Databricks SQL statements are instrumented and reported.
 * @param queueCapacity Maximum number of events, of all hosts together, that wait to be aggregated. Rounded up to a
 *     power of two.
 * @param closeTimeout Maximum time that closing telemetry takes when the application stops, for all hosts together.
 * @param insight What the application's own traces, metrics and logs show of each statement.
 * @param queryTags Query tags that are set on every session, so that the workspace's query history shows where a query
 *     comes from. Tags in the JDBC URL take precedence.
 * @param queryTagsFrom Names of the application that are added as query tags.
 * @param dataSources Settings for single data sources, by bean name.
 * @param hosts Workspaces by name. Each one is a TelemetryClient bean, prodTelemetryClient for hosts.prod, and data
 *     sources can refer to it.
 * @param authenticatedExport Whether metrics are sent with the data source's credentials. If false, they carry nothing
 *     that identifies the workspace, the session or the statement.
 * @param level Which metrics are sent to the workspace.
 * @param batchSize Number of finished metrics that triggers a flush, and the maximum size of one batch.
 * @param flushInterval Maximum time that a finished metric waits before it is sent to the workspace.
 * @param maxPending Maximum number of metrics per host that wait to be sent. Beyond it, the oldest metric without an
 *     error is dropped.
 * @param maxInFlightStatements Maximum number of open statements per host that are tracked. Beyond it, the oldest one
 *     is evicted.
 * @param maxErrorsPerStatement Maximum number of errors that are kept for one statement.
 * @param statementTtl Maximum time that a statement stays open before it is evicted.
 * @param errorDetail How much of an exception is reported to the workspace.
 * @param driverTelemetry Whether the JDBC driver's own telemetry is switched off for instrumented data sources.
 * @param export How metrics are sent to the workspace.
 * @param circuitBreaker When the circuit breaker of a host opens and closes.
 * @param featureFlag How the workspace's feature flag is read.
 */
@Lazy
@ConfigurationProperties(TelemetryProperties.PREFIX)
public record TelemetryProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("8192") int queueCapacity,
        @DefaultValue("2s") Duration closeTimeout,
        @DefaultValue @NestedConfigurationProperty InsightProperties insight,
        @DefaultValue Map<String, String> queryTags,
        @DefaultValue List<QueryTagSource> queryTagsFrom,
        @DefaultValue Map<String, DataSourceProperties> dataSources,
        @DefaultValue Map<String, HostProperties> hosts,
        @DefaultValue("true") boolean authenticatedExport,
        @DefaultValue("debug") ExportLevel level,
        @DefaultValue("200") int batchSize,
        @DefaultValue("30s") Duration flushInterval,
        @DefaultValue("10000") int maxPending,
        @DefaultValue("5000") int maxInFlightStatements,
        @DefaultValue("50") int maxErrorsPerStatement,
        @DefaultValue("1h") Duration statementTtl,
        @DefaultValue("name") ErrorDetail errorDetail,
        @DefaultValue("replace") DriverTelemetryMode driverTelemetry,
        @DefaultValue @NestedConfigurationProperty ExportProperties export,
        @DefaultValue @NestedConfigurationProperty CircuitBreakerProperties circuitBreaker,
        @DefaultValue @NestedConfigurationProperty FeatureFlagProperties featureFlag)
        implements ClientProperties {

    /** The common prefix of all properties, without the dot. */
    public static final String PREFIX = "databricks.telemetry";

    /** Without any text, which may be a secret in the wrong place. */
    @Override
    public String toString() {
        return "TelemetryProperties[enabled=" + enabled + "]";
    }
}
