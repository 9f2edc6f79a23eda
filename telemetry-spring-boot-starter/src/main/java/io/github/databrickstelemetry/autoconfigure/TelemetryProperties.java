package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.properties.DriverTelemetryMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.unit.DataSize;

/**
 * The properties as they were written. What is null was not given: the defaults are those of the engine's settings, so
 * that there is one place for them. Values are checked when they become settings, and only if telemetry is enabled.
 *
 * @param enabled Whether Databricks SQL telemetry is collected and sent. Off unless switched on.
 * @param authenticatedExport Whether metrics are sent with the data source's credentials. If not, they carry nothing
 *     that identifies the workspace, the session or the statement.
 * @param batchSize Finished metrics that trigger a flush, and the most that one batch holds.
 * @param flushInterval The longest that a finished metric waits before it is sent.
 * @param queueCapacity Events of all hosts together that may wait to be aggregated; rounded up to a power of two.
 * @param maxPending Metrics per host that may wait to be sent. Beyond it the oldest without an error is dropped.
 * @param maxInFlightStatements Statements per host that may be open at once. Beyond it the oldest is given up.
 * @param maxErrorsPerStatement Errors that are kept for one statement.
 * @param statementTtl How long a statement may stay open before it is given up.
 * @param closeTimeout How long closing may take in all when the application stops.
 * @param errorDetail How much of an exception is reported.
 * @param driverTelemetry What becomes of the JDBC driver's own telemetry.
 * @param export How metrics are sent.
 * @param circuitBreaker When the circuit breaker of a host opens and closes.
 * @param featureFlag How the workspace is asked whether telemetry is wanted.
 * @param dataSources What is different for single data sources, by bean name.
 * @param hosts Workspaces by name. Each becomes an injectable TelemetryClient, and data sources can refer to it. All
 *     settings of a client can be given here again.
 */
@Lazy
@ConfigurationProperties(TelemetryProperties.PREFIX)
public record TelemetryProperties(
        boolean enabled,
        @Nullable Boolean authenticatedExport,
        @Nullable Integer batchSize,
        @Nullable Duration flushInterval,
        @Nullable Integer queueCapacity,
        @Nullable Integer maxPending,
        @Nullable Integer maxInFlightStatements,
        @Nullable Integer maxErrorsPerStatement,
        @Nullable Duration statementTtl,
        @Nullable Duration closeTimeout,
        @Nullable ErrorDetail errorDetail,
        @Nullable DriverTelemetryMode driverTelemetry,
        @Nullable Export export,
        @Nullable CircuitBreaker circuitBreaker,
        @Nullable FeatureFlag featureFlag,
        @Nullable Map<String, DataSource> dataSources,
        @Nullable Map<String, Host> hosts)
        implements ClientLayer {

    /** What every property begins with, without the dot. */
    public static final String PREFIX = "databricks.telemetry";

    public TelemetryProperties {
        dataSources = dataSources == null ? Map.of() : Map.copyOf(UniformName.distinct(dataSources));
        hosts = hosts == null ? Map.of() : Map.copyOf(UniformName.distinct(hosts));
    }

    @Override
    public Map<String, DataSource> dataSources() {
        return dataSources == null ? Map.of() : dataSources;
    }

    @Override
    public Map<String, Host> hosts() {
        return hosts == null ? Map.of() : hosts;
    }

    /**
     * How metrics are sent.
     *
     * @param maxRetries Attempts after the first, for failures that a retry may cure.
     * @param backoffInitial The first wait between attempts, before jitter.
     * @param backoffMax The longest wait between attempts, before jitter.
     * @param retryAfterMax The longest Retry-After that is honoured.
     * @param connectTimeout The longest that connecting may take.
     * @param readTimeout The longest that one request and its answer may take.
     * @param authenticatedPaths Paths that are tried in order with credentials; a 404 moves on to the next.
     * @param unauthenticatedPaths Paths that are tried in order without credentials.
     * @param maxRequestSize The largest body of one request, before compression.
     * @param gzip Whether request bodies are compressed.
     * @param headers Extra request headers. An Authorization among them never replaces the credentials.
     * @param userAgentEntry Text that is appended to the user agent.
     * @param allowPrivateHosts Whether loopback, link-local and private addresses may be contacted. For tests.
     * @param allowHttp Whether plain HTTP may be spoken to a host that asks for it. For tests.
     * @param sslBundle Name of the SSL bundle whose trust is used instead of the data source's.
     * @param proxy The proxy to use instead of the data source's.
     */
    public record Export(
            @Nullable Integer maxRetries,
            @Nullable Duration backoffInitial,
            @Nullable Duration backoffMax,
            @Nullable Duration retryAfterMax,
            @Nullable Duration connectTimeout,
            @Nullable Duration readTimeout,
            @Nullable List<String> authenticatedPaths,
            @Nullable List<String> unauthenticatedPaths,
            @Nullable DataSize maxRequestSize,
            @Nullable Boolean gzip,
            @DefaultValue Map<String, String> headers,
            @Nullable String userAgentEntry,
            @Nullable Boolean allowPrivateHosts,
            @Nullable Boolean allowHttp,
            @Nullable String sslBundle,
            @Nullable Proxy proxy) {

        /** Header values may be secrets, so nothing is shown. */
        @Override
        public String toString() {
            return "Export";
        }
    }

    /**
     * The proxy through which workspaces are reached.
     *
     * @param host The proxy's host name.
     * @param port The proxy's port.
     * @param user User name for basic authentication at the proxy.
     * @param password Password for basic authentication at the proxy.
     * @param ignored Hosts that are reached directly; a leading asterisk matches any beginning.
     * @param system Whether the proxy settings of the JVM apply. False without a host means: no proxy at all.
     */
    public record Proxy(
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String user,
            @Nullable String password,
            @DefaultValue List<String> ignored,
            @Nullable Boolean system) {

        /** The password is a secret, so nothing is shown. */
        @Override
        public String toString() {
            return "Proxy";
        }
    }

    /**
     * When the circuit breaker of a host opens and closes.
     *
     * @param failureThreshold Consecutive failed requests after which it opens.
     * @param openTimeout How long it stays open at the least; up to half of it is added at random.
     * @param successThreshold Successful probes after which it closes.
     */
    public record CircuitBreaker(
            @Nullable Integer failureThreshold,
            @Nullable Duration openTimeout,
            @Nullable Integer successThreshold) {}

    /**
     * How the workspace is asked whether telemetry is wanted.
     *
     * @param enabled Whether it is asked at all. If not, the flag counts as on.
     * @param name The flag's full name.
     * @param client The client name in the path of the flag service.
     * @param ttl How long an answer holds when the workspace does not say.
     * @param override A fixed answer instead of the workspace's. For development.
     */
    public record FeatureFlag(
            @Nullable Boolean enabled,
            @Nullable String name,
            @Nullable String client,
            @Nullable Duration ttl,
            @Nullable Boolean override) {}

    /**
     * What is different for one data source.
     *
     * @param enabled Whether it is observed.
     * @param host The workspace, as host[:port] or as the name of an entry of hosts. Needed only if the JDBC URL is not
     *     one of the Databricks driver.
     * @param httpPath The HTTP path of the warehouse or cluster, where the JDBC URL does not say it.
     */
    public record DataSource(
            @DefaultValue("true") boolean enabled,
            @Nullable String host,
            @Nullable String httpPath) {}

    /**
     * One workspace by name, with any setting that is to differ from the ones for all.
     *
     * @param enabled Whether its client takes events, and whether data sources that refer to it are observed.
     * @param host The workspace, as host[:port].
     * @param token Personal access token. Without one, a TelemetryCredentials bean is asked.
     * @param workspaceId The workspace's numeric id, where host and HTTP path do not say it.
     */
    public record Host(
            @DefaultValue("true") boolean enabled,
            @Nullable String host,
            @Nullable String token,
            @Nullable Long workspaceId,
            @Nullable Boolean authenticatedExport,
            @Nullable Integer batchSize,
            @Nullable Duration flushInterval,
            @Nullable Integer maxPending,
            @Nullable Integer maxInFlightStatements,
            @Nullable Integer maxErrorsPerStatement,
            @Nullable Duration statementTtl,
            @Nullable ErrorDetail errorDetail,
            @Nullable DriverTelemetryMode driverTelemetry,
            @Nullable Export export,
            @Nullable CircuitBreaker circuitBreaker,
            @Nullable FeatureFlag featureFlag)
            implements ClientLayer {

        /** The token is a secret, so it is left out. */
        @Override
        public String toString() {
            return "Host[" + host + "]";
        }
    }
}
