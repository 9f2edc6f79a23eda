package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.config.ExportSettings.HttpSettings;
import io.github.databrickstelemetry.config.ExportSettings.RetrySettings;
import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * One workspace by name. Properties with the name of one of {@link TelemetryProperties} mean the same and replace it for
 * this workspace.
 *
 * @param enabled Whether this workspace's client takes events, and whether data sources that refer to it are
 *     instrumented.
 * @param host Address of the workspace, written host[:port].
 * @param token Personal access token for the telemetry of this workspace. If not set, the data source's credentials or
 *     a TelemetryCredentials bean are used.
 * @param workspaceId Numeric id of the workspace, if neither the host name nor the HTTP path contains it.
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
        @DefaultValue Export export,
        @DefaultValue CircuitBreaker circuitBreaker,
        @DefaultValue FeatureFlag featureFlag) {

    /** The settings, whose constructors validate the values. */
    ClientSettings settings() {
        return new ClientSettings(
                authenticatedExport,
                batchSize,
                flushInterval,
                maxPending,
                maxInFlightStatements,
                maxErrorsPerStatement,
                statementTtl,
                errorDetail,
                export.settings(level),
                new CircuitBreakerSettings(
                        circuitBreaker.failureThreshold, circuitBreaker.openTimeout, circuitBreaker.successThreshold),
                new FeatureFlagSettings(
                        featureFlag.enabled,
                        featureFlag.name,
                        featureFlag.client,
                        featureFlag.ttl,
                        featureFlag.override));
    }

    /** Without the token, and without the host, because a pasted URL may contain a token. */
    @Override
    public String toString() {
        return "HostProperties[enabled=" + enabled + "]";
    }

    /** Whether the JDBC driver's own telemetry is switched off for an instrumented data source. */
    public enum DriverTelemetryMode {
        /** The driver's own telemetry is switched off, so that nothing is reported twice. */
        REPLACE,
        /** The driver's own telemetry stays as the JDBC URL says. */
        LEAVE
    }

    /**
     * How metrics are sent to the workspace.
     *
     * @param enabled Whether metrics are sent to the workspace. If false, statements are still shown in the
     *     application's own traces, metrics and logs.
     * @param maxRetries Maximum number of retries of one request, for failures that a retry may cure.
     * @param backoffInitial First wait between two attempts, before jitter.
     * @param backoffMax Maximum wait between two attempts, before jitter.
     * @param retryAfterMax Maximum Retry-After of a response that is honoured.
     * @param connectTimeout Timeout for opening the connection to the workspace.
     * @param readTimeout Timeout for one request and its response.
     * @param authenticatedPaths Paths of the telemetry service for requests with credentials. If the first is not
     *     found, the next one is used.
     * @param unauthenticatedPaths Paths of the telemetry service for requests without credentials. If the first is not
     *     found, the next one is used.
     * @param maxRequestSize Maximum size of a request body, before compression.
     * @param gzip Whether request bodies are compressed with gzip.
     * @param headers Additional request headers. An Authorization header never replaces the credentials.
     * @param userAgentEntry Text that is appended to the User-Agent header.
     * @param allowPrivateHosts Whether requests to loopback, link-local and private addresses are allowed. For tests.
     * @param allowHttp Whether plain HTTP is allowed where the JDBC URL says ssl=0, or a host is written with http://.
     *     For tests.
     * @param sslBundle Name of the SSL bundle for requests to the workspace. If not set, the data source's trust store
     *     is used.
     * @param proxy Proxy for requests to the workspace.
     */
    public record Export(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("3") int maxRetries,
            @DefaultValue("100ms") Duration backoffInitial,
            @DefaultValue("1s") Duration backoffMax,
            @DefaultValue("30s") Duration retryAfterMax,
            @DefaultValue("2s") Duration connectTimeout,
            @DefaultValue("10s") Duration readTimeout,

            @DefaultValue({"/api/2.0/sql/telemetry-ext", "/telemetry-ext"})
            List<String> authenticatedPaths,

            @DefaultValue({"/api/2.0/sql/telemetry-unauth", "/telemetry-unauth"})
            List<String> unauthenticatedPaths,

            @DefaultValue("1MB") DataSize maxRequestSize,
            @DefaultValue("false") boolean gzip,
            @DefaultValue Map<String, String> headers,
            @Nullable String userAgentEntry,
            @DefaultValue("false") boolean allowPrivateHosts,
            @DefaultValue("false") boolean allowHttp,
            @Nullable String sslBundle,
            @DefaultValue Proxy proxy) {

        private ExportSettings settings(ExportLevel level) {
            return new ExportSettings(
                    enabled,
                    level,
                    new RetrySettings(maxRetries, backoffInitial, backoffMax, retryAfterMax),
                    new HttpSettings(
                            connectTimeout, readTimeout, headers, userAgentEntry, allowPrivateHosts, allowHttp),
                    authenticatedPaths,
                    unauthenticatedPaths,
                    // A size that does not fit is out of the allowed range as well.
                    (int) Math.max(-1, Math.min(Integer.MAX_VALUE, maxRequestSize.toBytes())),
                    gzip);
        }

        /** Without the headers, whose values may be secrets. */
        @Override
        public String toString() {
            return "Export[enabled=" + enabled + ", proxy=" + proxy + "]";
        }
    }

    /**
     * Proxy for requests to the workspace. A proxy of a host replaces, as a whole, the one that holds for all.
     *
     * @param host Host name of the proxy for requests to the workspace. If not set, the data source's proxy is used.
     * @param port Port of the proxy.
     * @param user User name for basic authentication at the proxy.
     * @param password Password for basic authentication at the proxy.
     * @param ignored Hosts that are contacted without the proxy. A leading asterisk matches any beginning.
     * @param system Whether the proxy settings of the JVM are used. False, without a proxy host, means no proxy.
     */
    public record Proxy(
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String user,
            @Nullable String password,
            @Nullable List<String> ignored,
            @Nullable Boolean system) {

        public Proxy {
            host = textOrNull(host);
            user = textOrNull(user);
            password = textOrNull(password);
        }

        private static @Nullable String textOrNull(@Nullable String value) {
            return StringUtils.hasText(value) ? value : null;
        }

        /** Null if the properties name no proxy, so that the data source's own is used. */
        @Nullable
        ProxySettings settings() {
            if (host == null && port == null && user == null && password == null && system == null) {
                return null;
            }
            if (host == null && (port != null || user != null || password != null)) {
                throw new InvalidSettingException("export.proxy.host", "missing", "the host of the proxy");
            }
            return new ProxySettings(
                    host,
                    port == null ? 0 : port,
                    user,
                    password,
                    ignored == null ? List.of() : ignored,
                    Boolean.TRUE.equals(system));
        }

        /** Without any text, because a pasted URL may contain a password. */
        @Override
        public String toString() {
            return "Proxy[port=" + port + ", system=" + system + "]";
        }
    }

    /**
     * When the circuit breaker of a host opens and closes.
     *
     * @param failureThreshold Number of consecutive failed requests after which the circuit breaker of a host opens.
     * @param openTimeout Minimum time that the circuit breaker stays open. Up to as much again is added at random.
     * @param successThreshold Number of successful probes after which the circuit breaker closes.
     */
    public record CircuitBreaker(
            @DefaultValue("5") int failureThreshold,
            @DefaultValue("1m") Duration openTimeout,
            @DefaultValue("2") int successThreshold) {}

    /**
     * How the workspace's feature flag is read.
     *
     * @param enabled Whether the workspace's feature flag decides if metrics are sent. If false, the flag is not
     *     requested and counts as on.
     * @param name Full name of the feature flag.
     * @param client Client name in the path of the feature flag service.
     * @param ttl Time until the feature flag is requested again, if the response does not contain it.
     * @param override Fixed value instead of the workspace's feature flag. For development.
     */
    public record FeatureFlag(
            @DefaultValue("true") boolean enabled,
            @DefaultValue(FeatureFlagSettings.DEFAULT_NAME) String name,
            @DefaultValue("OSS_JDBC") String client,
            @DefaultValue("15m") Duration ttl,
            @Nullable Boolean override) {

        /** Without the texts, so that no properties record prints what may be pasted into the wrong one. */
        @Override
        public String toString() {
            return "FeatureFlag[enabled=" + enabled + ", ttl=" + ttl + ", override=" + override + "]";
        }
    }
}
