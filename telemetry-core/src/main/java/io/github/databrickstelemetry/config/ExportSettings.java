package io.github.databrickstelemetry.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How metrics are sent to the workspace.
 *
 * @param enabled whether metrics are sent at all; if not, no request is made, the feature flag's included
 * @param level which metrics are sent
 * @param authenticatedPaths tried in order until one is found
 * @param unauthenticatedPaths likewise, for export without credentials
 * @param maxRequestSize bytes of one request's body before compression
 * @param gzip whether request bodies are compressed
 */
public record ExportSettings(
        boolean enabled,
        ExportLevel level,
        RetrySettings retry,
        HttpSettings http,
        List<String> authenticatedPaths,
        List<String> unauthenticatedPaths,
        int maxRequestSize,
        boolean gzip) {

    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,255}");

    /** All metrics, in uncompressed requests of at most one megabyte. */
    public static final ExportSettings DEFAULTS = new ExportSettings(
            true,
            ExportLevel.DEBUG,
            RetrySettings.DEFAULTS,
            HttpSettings.DEFAULTS,
            List.of("/api/2.0/sql/telemetry-ext", "/telemetry-ext"),
            List.of("/api/2.0/sql/telemetry-unauth", "/telemetry-unauth"),
            1 << 20,
            false);

    public ExportSettings {
        authenticatedPaths = paths("export.authenticated-paths", authenticatedPaths);
        unauthenticatedPaths = paths("export.unauthenticated-paths", unauthenticatedPaths);
        Check.inRange("export.max-request-size", maxRequestSize, 1024, 64 << 20);
    }

    private static List<String> paths(String property, List<String> paths) {
        if (paths.isEmpty()) {
            throw new InvalidSettingException(property, "empty", "at least one path");
        }
        for (String path : paths) {
            if (!PATH.matcher(path).matches() || path.startsWith("//")) {
                throw new InvalidSettingException(property, path, "absolute paths such as /telemetry-ext");
            }
        }
        return List.copyOf(paths);
    }

    /**
     * How a failed export request is retried.
     *
     * @param maxRetries attempts after the first, for failures that a retry may cure
     * @param backoffInitial the first wait between attempts, before jitter
     * @param backoffMax the maximum wait between attempts, the first included, before jitter
     * @param retryAfterMax the maximum {@code Retry-After} that is honoured
     */
    public record RetrySettings(int maxRetries, Duration backoffInitial, Duration backoffMax, Duration retryAfterMax) {

        /** Three retries, 100 milliseconds to one second, {@code Retry-After} up to 30 seconds. */
        public static final RetrySettings DEFAULTS =
                new RetrySettings(3, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(30));

        public RetrySettings {
            Check.inRange("export.max-retries", maxRetries, 0, 10);
            Check.inRange("export.backoff-initial", backoffInitial, Duration.ofMillis(1), Duration.ofMinutes(1));
            Check.inRange("export.backoff-max", backoffMax, Duration.ofMillis(1), Duration.ofMinutes(5));
            Check.inRange("export.retry-after-max", retryAfterMax, Duration.ZERO, Duration.ofMinutes(10));
        }
    }

    /**
     * How every request to a workspace is made, those for the feature flag included.
     *
     * @param connectTimeout for opening the connection; the TLS handshake counts to the read timeout
     * @param readTimeout for one whole request and its response
     * @param headers additional request headers; an {@code Authorization} among them never replaces the credentials
     * @param userAgentEntry appended to the user agent, or null
     * @param allowPrivateHosts whether requests to loopback, link-local and private addresses are allowed (tests, the sample)
     * @param allowHttp whether plain HTTP is allowed for a host that is written with {@code http://}
     */
    public record HttpSettings(
            Duration connectTimeout,
            Duration readTimeout,
            Map<String, String> headers,
            @Nullable String userAgentEntry,
            boolean allowPrivateHosts,
            boolean allowHttp) {

        private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
        private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e\\t]{0,4096}");

        /** Two seconds to connect, ten for a request, no header, public hosts over HTTPS only. */
        public static final HttpSettings DEFAULTS =
                new HttpSettings(Duration.ofSeconds(2), Duration.ofSeconds(10), Map.of(), null, false, false);

        public HttpSettings {
            Check.inRange("export.connect-timeout", connectTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
            Check.inRange("export.read-timeout", readTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
            headers = Map.copyOf(headers);
            headers.forEach(HttpSettings::checkHeader);
            if (userAgentEntry != null && !HEADER_VALUE.matcher(userAgentEntry).matches()) {
                throw new InvalidSettingException("export.user-agent-entry", "not shown", "printable ASCII");
            }
        }

        private static void checkHeader(String name, String value) {
            if (!HEADER_NAME.matcher(name).matches()) {
                throw new InvalidSettingException("export.headers", name, "named by an HTTP token");
            }
            if (!HEADER_VALUE.matcher(value).matches()) {
                // The value may be a secret: it is not shown.
                throw new InvalidSettingException(
                        "export.headers." + name.toLowerCase(Locale.ROOT), "not shown", "printable ASCII on one line");
            }
        }

        /** Header values may be secrets, so they are left out. */
        @Override
        public String toString() {
            return "HttpSettings[connectTimeout=" + connectTimeout + ", readTimeout=" + readTimeout + ", headers="
                    + headers.keySet() + "]";
        }
    }
}
