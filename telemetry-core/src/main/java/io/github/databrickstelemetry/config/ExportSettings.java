package io.github.databrickstelemetry.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How metrics are sent to the workspace.
 *
 * @param enabled whether metrics are sent at all; if not, no request is made, the feature flag's included
 * @param level which metrics are sent
 * @param retry how a failed request is retried
 * @param http how a request is made
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
}
