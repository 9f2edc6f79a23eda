package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.properties.HostProperties.DriverTelemetryMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;

/**
 * All properties of this library. The values are validated when they are converted to {@link TelemetrySettings}. From
 * {@code authenticatedExport} on, they hold for each host unless its {@link HostProperties} say otherwise.
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
        @DefaultValue Insight insight,
        @DefaultValue Map<String, String> queryTags,
        @DefaultValue List<QueryTagSource> queryTagsFrom,
        @DefaultValue Map<String, DataSource> dataSources,
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
        @DefaultValue @NestedConfigurationProperty HostProperties.Export export,
        @DefaultValue @NestedConfigurationProperty HostProperties.CircuitBreaker circuitBreaker,
        @DefaultValue @NestedConfigurationProperty HostProperties.FeatureFlag featureFlag) {

    /** The common prefix of all properties, without the dot. */
    public static final String PREFIX = "databricks.telemetry";

    /** What holds for each host, as the properties of one about which nothing else is said. */
    HostProperties ofAllHosts() {
        return new HostProperties(
                true,
                null,
                null,
                null,
                authenticatedExport,
                level,
                batchSize,
                flushInterval,
                maxPending,
                maxInFlightStatements,
                maxErrorsPerStatement,
                statementTtl,
                errorDetail,
                driverTelemetry,
                export,
                circuitBreaker,
                featureFlag);
    }

    /** Without any text, which may be a secret in the wrong place. */
    @Override
    public String toString() {
        return "TelemetryProperties[enabled=" + enabled + "]";
    }

    /**
     * What the application's own traces, metrics and logs show of each statement. Independent of the workspace.
     *
     * @param traces Whether a span is made for each statement of a sampled trace.
     * @param rootSpans Whether a statement outside of any trace gets a span in a trace of its own.
     * @param metrics Whether meters for statements, phases and telemetry itself are registered.
     * @param log Which statements are logged by the logger databricks.sql.statement.
     * @param slowThreshold Duration from which a statement counts as slow.
     * @param mdc Whether the MDC contains databricks.statement_id from the end of an execute call until the connection
     *     is closed.
     * @param queryText Whether spans, statement log and recent statements contain the SQL text. It is never sent to the
     *     workspace.
     * @param recentStatements Number of slow statements and of failed statements that the actuator endpoint shows. 0
     *     switches them off.
     */
    public record Insight(
            @DefaultValue("true") boolean traces,
            @DefaultValue("false") boolean rootSpans,
            @DefaultValue("true") boolean metrics,
            @DefaultValue("off") StatementLogMode log,
            @DefaultValue("5s") Duration slowThreshold,
            @DefaultValue("false") boolean mdc,
            @DefaultValue("false") boolean queryText,
            @DefaultValue("50") int recentStatements) {

        private static final int MOST_RECENT_STATEMENTS = 1000;

        void validate() {
            if (slowThreshold.isNegative()) {
                throw new InvalidSettingException("insight.slow-threshold", slowThreshold, "0s or longer");
            }
            if (recentStatements < 0 || recentStatements > MOST_RECENT_STATEMENTS) {
                throw new InvalidSettingException(
                        "insight.recent-statements", recentStatements, "between 0 and " + MOST_RECENT_STATEMENTS);
            }
        }
    }

    /** Which statements are logged. */
    public enum StatementLogMode {
        /** No statement. */
        OFF,
        /** Statements that take at least {@code insight.slow-threshold}. */
        SLOW,
        /** Failed statements. */
        FAILED,
        /** Every statement. */
        ALL
    }

    /** Where a query tag's value comes from. */
    public enum QueryTagSource {
        /** The value of {@code spring.application.name}, as tag {@code application}. */
        APPLICATION,
        /** The bean name of the data source, as tag {@code bean}. */
        BEAN,
        /** The active profiles, as tag {@code profile}. */
        PROFILE
    }

    /**
     * Settings for one data source.
     *
     * @param enabled Whether this data source is instrumented.
     * @param host Workspace of this data source: host[:port], or the name of an entry under databricks.telemetry.hosts.
     *     Needed only if the JDBC URL is not one of the Databricks driver.
     * @param httpPath HTTP path of the warehouse or cluster, if the JDBC URL does not contain it.
     */
    public record DataSource(
            @DefaultValue("true") boolean enabled,
            @Nullable String host,
            @Nullable String httpPath) {

        /** Without host and HTTP path, because a pasted URL may contain a token. */
        @Override
        public String toString() {
            return "DataSource[enabled=" + enabled + "]";
        }
    }
}
