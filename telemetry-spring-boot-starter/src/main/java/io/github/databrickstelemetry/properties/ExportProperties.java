package io.github.databrickstelemetry.properties;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How metrics are sent to the workspace.
 *
 * @param enabled Whether metrics are sent to the workspace. If false, statements are still shown in the application's
 *     own traces, metrics and logs.
 * @param maxRetries Maximum number of retries of one request, for failures that a retry may cure.
 * @param backoffInitial First wait between two attempts, before jitter.
 * @param backoffMax Maximum wait between two attempts, before jitter.
 * @param retryAfterMax Maximum Retry-After of a response that is honoured.
 * @param connectTimeout Timeout for opening the connection to the workspace.
 * @param readTimeout Timeout for one request and its response.
 * @param authenticatedPaths Paths of the telemetry service for requests with credentials. If the first is not found,
 *     the next one is used.
 * @param unauthenticatedPaths Paths of the telemetry service for requests without credentials. If the first is not
 *     found, the next one is used.
 * @param maxRequestSize Maximum size of a request body, before compression.
 * @param gzip Whether request bodies are compressed with gzip.
 * @param headers Additional request headers. An Authorization header never replaces the credentials.
 * @param userAgentEntry Text that is appended to the User-Agent header.
 * @param allowPrivateHosts Whether requests to loopback, link-local and private addresses are allowed. For tests.
 * @param allowHttp Whether plain HTTP is allowed where the JDBC URL says ssl=0, or a host is written with http://. For
 *     tests.
 * @param sslBundle Name of the SSL bundle for requests to the workspace. If not set, the data source's trust store is
 *     used.
 * @param proxy Proxy for requests to the workspace.
 */
public record ExportProperties(
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
        @NestedConfigurationProperty @Nullable ProxyProperties proxy) {

    /** Without the headers, whose values may be secrets. */
    @Override
    public String toString() {
        return "ExportProperties[enabled=" + enabled + ", proxy=" + proxy + "]";
    }
}
