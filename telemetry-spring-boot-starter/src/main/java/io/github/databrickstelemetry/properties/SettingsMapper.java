package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.config.ExportSettings.HttpSettings;
import io.github.databrickstelemetry.config.ExportSettings.RetrySettings;
import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Maps properties to the engine's settings, whose constructors validate the values. */
final class SettingsMapper {

    private static final int MOST_RECENT_STATEMENTS = 1000;

    private SettingsMapper() {}

    static EngineSettings engine(TelemetryProperties properties) {
        return new EngineSettings(properties.queueCapacity(), properties.closeTimeout());
    }

    static ClientSettings client(ClientProperties properties) {
        return new ClientSettings(
                properties.authenticatedExport(),
                properties.batchSize(),
                properties.flushInterval(),
                properties.maxPending(),
                properties.maxInFlightStatements(),
                properties.maxErrorsPerStatement(),
                properties.statementTtl(),
                properties.errorDetail(),
                export(properties),
                circuitBreaker(properties.circuitBreaker()),
                featureFlag(properties.featureFlag()));
    }

    private static ExportSettings export(ClientProperties properties) {
        ExportProperties export = properties.export();
        return new ExportSettings(
                export.enabled(),
                properties.level(),
                new RetrySettings(
                        export.maxRetries(), export.backoffInitial(), export.backoffMax(), export.retryAfterMax()),
                new HttpSettings(
                        export.connectTimeout(),
                        export.readTimeout(),
                        export.headers(),
                        export.userAgentEntry(),
                        export.allowPrivateHosts(),
                        export.allowHttp()),
                export.authenticatedPaths(),
                export.unauthenticatedPaths(),
                // A size that does not fit is out of the allowed range as well.
                (int) Math.max(
                        -1, Math.min(Integer.MAX_VALUE, export.maxRequestSize().toBytes())),
                export.gzip());
    }

    private static CircuitBreakerSettings circuitBreaker(CircuitBreakerProperties breaker) {
        return new CircuitBreakerSettings(
                breaker.failureThreshold(), breaker.openTimeout(), breaker.successThreshold());
    }

    private static FeatureFlagSettings featureFlag(FeatureFlagProperties flag) {
        return new FeatureFlagSettings(flag.enabled(), flag.name(), flag.client(), flag.ttl(), flag.override());
    }

    /** The proxy, or null if the properties name none, so that the data source's own is used. */
    static @Nullable ProxySettings proxy(@Nullable ProxyProperties proxy) {
        if (proxy == null) {
            return null;
        }
        Integer port = proxy.port();
        Boolean system = proxy.system();
        if (proxy.host() == null) {
            if (port != null || proxy.user() != null || proxy.password() != null) {
                throw new InvalidSettingException("export.proxy.host", "missing", "the host of the proxy");
            }
            if (system == null) {
                return null;
            }
        }
        List<String> ignored = proxy.ignored();
        return new ProxySettings(
                proxy.host(),
                port == null ? 0 : port,
                proxy.user(),
                proxy.password(),
                ignored == null ? List.of() : ignored,
                system != null && system);
    }

    /** Validates the properties of insight, which are used as they are. */
    static InsightProperties insight(InsightProperties insight) {
        if (insight.slowThreshold().isNegative()) {
            throw new InvalidSettingException("insight.slow-threshold", insight.slowThreshold(), "0s or longer");
        }
        if (insight.recentStatements() < 0 || insight.recentStatements() > MOST_RECENT_STATEMENTS) {
            throw new InvalidSettingException(
                    "insight.recent-statements", insight.recentStatements(), "between 0 and " + MOST_RECENT_STATEMENTS);
        }
        return insight;
    }
}
