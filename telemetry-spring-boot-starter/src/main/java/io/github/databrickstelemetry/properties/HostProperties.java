package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.config.ExportLevel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One workspace by name. Properties with the name of one that holds for all replace it for this workspace.
 *
 * @param enabled Whether this workspace's client takes events, and whether data sources that refer to it are
 *     instrumented.
 * @param host Address of the workspace, written host[:port].
 * @param token Personal access token for the telemetry of this workspace. If not set, the data source's credentials or
 *     a TelemetryCredentials bean are used.
 * @param workspaceId Numeric id of the workspace, if neither the host name nor the HTTP path contains it.
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
public record HostProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String host,
        @Nullable String token,
        @Nullable Long workspaceId,
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

    /** Without the token, and without the host, because a pasted URL may contain a token. */
    @Override
    public String toString() {
        return "HostProperties[enabled=" + enabled + "]";
    }
}
