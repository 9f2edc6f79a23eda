package io.github.databrickstelemetry.properties;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/** How metrics are sent to the workspace. */
public final class ExportProperties {

    /** Whether metrics are sent to the workspace. If false, statements are still shown in the application's own traces, metrics and logs. */
    private boolean enabled = true;

    /** Maximum number of retries of one request, for failures that a retry may cure. */
    private int maxRetries = 3;

    /** First wait between two attempts, before jitter. */
    private Duration backoffInitial = Duration.ofMillis(100);

    /** Maximum wait between two attempts, before jitter. */
    private Duration backoffMax = Duration.ofSeconds(1);

    /** Maximum Retry-After of a response that is honoured. */
    private Duration retryAfterMax = Duration.ofSeconds(30);

    /** Timeout for opening the connection to the workspace. */
    private Duration connectTimeout = Duration.ofSeconds(2);

    /** Timeout for one request and its response. */
    private Duration readTimeout = Duration.ofSeconds(10);

    /** Paths of the telemetry service for requests with credentials. If the first is not found, the next one is used. */
    private List<String> authenticatedPaths = List.of("/api/2.0/sql/telemetry-ext", "/telemetry-ext");

    /** Paths of the telemetry service for requests without credentials. If the first is not found, the next one is used. */
    private List<String> unauthenticatedPaths = List.of("/api/2.0/sql/telemetry-unauth", "/telemetry-unauth");

    /** Maximum size of a request body, before compression. */
    private DataSize maxRequestSize = DataSize.ofMegabytes(1);

    /** Whether request bodies are compressed with gzip. */
    private boolean gzip;

    /** Additional request headers. An Authorization header never replaces the credentials. */
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** Text that is appended to the User-Agent header. */
    private @Nullable String userAgentEntry;

    /** Whether requests to loopback, link-local and private addresses are allowed. For tests. */
    private boolean allowPrivateHosts;

    /** Whether plain HTTP is allowed where the JDBC URL says ssl=0, or a host is written with http://. For tests. */
    private boolean allowHttp;

    /** Name of the SSL bundle for requests to the workspace. If not set, the data source's trust store is used. */
    private @Nullable String sslBundle;

    /** Proxy for requests to the workspace. */
    @NestedConfigurationProperty
    private @Nullable ProxyProperties proxy;

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public int getMaxRetries() {
        return maxRetries;
    }

    public void setMaxRetries(int maxRetries) {
        this.maxRetries = maxRetries;
    }

    public Duration getBackoffInitial() {
        return backoffInitial;
    }

    public void setBackoffInitial(Duration backoffInitial) {
        this.backoffInitial = backoffInitial;
    }

    public Duration getBackoffMax() {
        return backoffMax;
    }

    public void setBackoffMax(Duration backoffMax) {
        this.backoffMax = backoffMax;
    }

    public Duration getRetryAfterMax() {
        return retryAfterMax;
    }

    public void setRetryAfterMax(Duration retryAfterMax) {
        this.retryAfterMax = retryAfterMax;
    }

    public Duration getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public Duration getReadTimeout() {
        return readTimeout;
    }

    public void setReadTimeout(Duration readTimeout) {
        this.readTimeout = readTimeout;
    }

    public List<String> getAuthenticatedPaths() {
        return authenticatedPaths;
    }

    public void setAuthenticatedPaths(List<String> authenticatedPaths) {
        this.authenticatedPaths = authenticatedPaths;
    }

    public List<String> getUnauthenticatedPaths() {
        return unauthenticatedPaths;
    }

    public void setUnauthenticatedPaths(List<String> unauthenticatedPaths) {
        this.unauthenticatedPaths = unauthenticatedPaths;
    }

    public DataSize getMaxRequestSize() {
        return maxRequestSize;
    }

    public void setMaxRequestSize(DataSize maxRequestSize) {
        this.maxRequestSize = maxRequestSize;
    }

    public boolean isGzip() {
        return gzip;
    }

    public void setGzip(boolean gzip) {
        this.gzip = gzip;
    }

    public Map<String, String> getHeaders() {
        return headers;
    }

    public @Nullable String getUserAgentEntry() {
        return userAgentEntry;
    }

    public void setUserAgentEntry(@Nullable String userAgentEntry) {
        this.userAgentEntry = userAgentEntry;
    }

    public boolean isAllowPrivateHosts() {
        return allowPrivateHosts;
    }

    public void setAllowPrivateHosts(boolean allowPrivateHosts) {
        this.allowPrivateHosts = allowPrivateHosts;
    }

    public boolean isAllowHttp() {
        return allowHttp;
    }

    public void setAllowHttp(boolean allowHttp) {
        this.allowHttp = allowHttp;
    }

    public @Nullable String getSslBundle() {
        return sslBundle;
    }

    public void setSslBundle(@Nullable String sslBundle) {
        this.sslBundle = sslBundle;
    }

    public @Nullable ProxyProperties getProxy() {
        return proxy;
    }

    public void setProxy(@Nullable ProxyProperties proxy) {
        this.proxy = proxy;
    }
}
