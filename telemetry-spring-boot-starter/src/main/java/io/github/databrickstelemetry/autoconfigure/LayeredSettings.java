package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.autoconfigure.TelemetryProperties.CircuitBreaker;
import io.github.databrickstelemetry.autoconfigure.TelemetryProperties.Export;
import io.github.databrickstelemetry.autoconfigure.TelemetryProperties.FeatureFlag;
import io.github.databrickstelemetry.autoconfigure.TelemetryProperties.Proxy;
import io.github.databrickstelemetry.config.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.config.FeatureFlagSettings;
import io.github.databrickstelemetry.config.HttpSettings;
import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.config.ProxySettings;
import io.github.databrickstelemetry.config.RetrySettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Lays what was given over what holds already. The settings' own constructors check the result. */
final class LayeredSettings {

    private LayeredSettings() {}

    static ClientSettings client(ClientLayer given, ClientSettings below) {
        return new ClientSettings(
                or(given.authenticatedExport(), below.authenticatedExport()),
                or(given.batchSize(), below.batchSize()),
                or(given.flushInterval(), below.flushInterval()),
                or(given.maxPending(), below.maxPending()),
                or(given.maxInFlightStatements(), below.maxInFlightStatements()),
                or(given.maxErrorsPerStatement(), below.maxErrorsPerStatement()),
                or(given.statementTtl(), below.statementTtl()),
                or(given.errorDetail(), below.errorDetail()),
                export(given.export(), below.export()),
                circuitBreaker(given.circuitBreaker(), below.circuitBreaker()),
                featureFlag(given.featureFlag(), below.featureFlag()));
    }

    private static ExportSettings export(@Nullable Export given, ExportSettings below) {
        if (given == null) {
            return below;
        }
        Map<String, String> headers = new LinkedHashMap<>(below.http().headers());
        headers.putAll(given.headers());
        return new ExportSettings(
                below.enabled(),
                below.level(),
                new RetrySettings(
                        or(given.maxRetries(), below.retry().maxRetries()),
                        or(given.backoffInitial(), below.retry().backoffInitial()),
                        or(given.backoffMax(), below.retry().backoffMax()),
                        or(given.retryAfterMax(), below.retry().retryAfterMax())),
                new HttpSettings(
                        or(given.connectTimeout(), below.http().connectTimeout()),
                        or(given.readTimeout(), below.http().readTimeout()),
                        headers,
                        given.userAgentEntry() == null ? below.http().userAgentEntry() : given.userAgentEntry(),
                        or(given.allowPrivateHosts(), below.http().allowPrivateHosts()),
                        or(given.allowHttp(), below.http().allowHttp())),
                or(given.authenticatedPaths(), below.authenticatedPaths()),
                or(given.unauthenticatedPaths(), below.unauthenticatedPaths()),
                bytes(given.maxRequestSize(), below.maxRequestSize()),
                or(given.gzip(), below.gzip()));
    }

    private static int bytes(@Nullable DataSize given, int below) {
        if (given == null) {
            return below;
        }
        // Out of an int's range is out of the setting's range as well: the constructor refuses it.
        return (int) Math.max(-1, Math.min(Integer.MAX_VALUE, given.toBytes()));
    }

    private static CircuitBreakerSettings circuitBreaker(@Nullable CircuitBreaker given, CircuitBreakerSettings below) {
        if (given == null) {
            return below;
        }
        return new CircuitBreakerSettings(
                or(given.failureThreshold(), below.failureThreshold()),
                or(given.openTimeout(), below.openTimeout()),
                or(given.successThreshold(), below.successThreshold()));
    }

    private static FeatureFlagSettings featureFlag(@Nullable FeatureFlag given, FeatureFlagSettings below) {
        if (given == null) {
            return below;
        }
        return new FeatureFlagSettings(
                or(given.enabled(), below.enabled()),
                or(given.name(), below.name()),
                or(given.client(), below.client()),
                or(given.ttl(), below.ttl()),
                given.override() == null ? below.override() : given.override());
    }

    /** A proxy is taken as a whole: half of one and half of another would be neither. */
    static @Nullable ProxySettings proxy(@Nullable Proxy given, @Nullable ProxySettings below) {
        if (given == null) {
            return below;
        }
        boolean system = or(given.system(), false);
        if (given.host() == null && (given.port() != null || given.user() != null || given.password() != null)) {
            throw new InvalidSettingException("export.proxy.host", "missing", "the host of the proxy");
        }
        if (given.host() == null && given.system() == null) {
            return below;
        }
        return new ProxySettings(
                given.host(), or(given.port(), 0), given.user(), given.password(), given.ignored(), system);
    }

    private static <T> T or(@Nullable T given, T below) {
        return given == null ? below : given;
    }
}
