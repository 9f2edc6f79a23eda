package io.github.databrickstelemetry.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How metrics are sent.
 *
 * @param maxRetries attempts after the first, for what a retry may cure
 * @param backoffInitial the first wait between attempts, before jitter
 * @param backoffMax the longest wait between attempts, the first included, before jitter
 * @param retryAfterMax the longest {@code Retry-After} that is honoured
 * @param connectTimeout for connecting, TLS handshake included
 * @param readTimeout for one whole request and answer
 * @param authenticatedPaths tried in order; a 404 moves on to the next
 * @param unauthenticatedPaths likewise, for export without credentials
 * @param maxRequestSize bytes of one request's body before compression
 * @param gzip whether bodies are compressed
 * @param headers extra request headers; an {@code Authorization} among them never replaces the credentials
 * @param userAgentEntry appended to the user agent, or null
 * @param allowPrivateHosts whether loopback, link-local and private addresses may be contacted (tests, the sample)
 * @param allowHttp whether plain HTTP may be spoken to a host that asks for it
 */
public record ExportSettings(
        int maxRetries,
        Duration backoffInitial,
        Duration backoffMax,
        Duration retryAfterMax,
        Duration connectTimeout,
        Duration readTimeout,
        List<String> authenticatedPaths,
        List<String> unauthenticatedPaths,
        int maxRequestSize,
        boolean gzip,
        Map<String, String> headers,
        @Nullable String userAgentEntry,
        boolean allowPrivateHosts,
        boolean allowHttp) {

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e\\t]{0,4096}");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,255}");

    /** The defaults of every component. */
    public static final ExportSettings DEFAULTS = new ExportSettings(
            3,
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            List.of("/api/2.0/sql/telemetry-ext", "/telemetry-ext"),
            List.of("/api/2.0/sql/telemetry-unauth", "/telemetry-unauth"),
            1 << 20,
            false,
            Map.of(),
            null,
            false,
            false);

    public ExportSettings {
        Check.inRange("export.max-retries", maxRetries, 0, 10);
        Check.inRange("export.backoff-initial", backoffInitial, Duration.ofMillis(1), Duration.ofMinutes(1));
        Check.inRange("export.backoff-max", backoffMax, Duration.ofMillis(1), Duration.ofMinutes(5));
        Check.inRange("export.retry-after-max", retryAfterMax, Duration.ZERO, Duration.ofMinutes(10));
        Check.inRange("export.connect-timeout", connectTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
        Check.inRange("export.read-timeout", readTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
        authenticatedPaths = paths("export.authenticated-paths", authenticatedPaths);
        unauthenticatedPaths = paths("export.unauthenticated-paths", unauthenticatedPaths);
        Check.inRange("export.max-request-size", maxRequestSize, 1024, 64 << 20);
        headers = Map.copyOf(headers);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            checkHeader(header.getKey(), header.getValue());
        }
        if (userAgentEntry != null && !HEADER_VALUE.matcher(userAgentEntry).matches()) {
            throw new InvalidSettingException("export.user-agent-entry", "not shown", "printable ASCII");
        }
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
        return "ExportSettings[maxRetries=" + maxRetries + ", readTimeout=" + readTimeout + ", gzip=" + gzip
                + ", headers=" + headers.keySet() + "]";
    }
}
