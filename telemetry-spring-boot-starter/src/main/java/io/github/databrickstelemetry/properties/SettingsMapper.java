package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.config.FeatureFlagSettings;
import io.github.databrickstelemetry.config.HttpSettings;
import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.config.ProxySettings;
import io.github.databrickstelemetry.config.RetrySettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Maps properties to the engine's settings, whose constructors validate the values. */
final class SettingsMapper {

    private static final int MOST_RECENT_STATEMENTS = 1000;

    private SettingsMapper() {}

    static EngineSettings engine(TelemetryProperties properties) {
        return new EngineSettings(properties.getQueueCapacity(), properties.getCloseTimeout());
    }

    static ClientSettings client(ClientProperties properties) {
        return new ClientSettings(
                properties.isAuthenticatedExport(),
                properties.getBatchSize(),
                properties.getFlushInterval(),
                properties.getMaxPending(),
                properties.getMaxInFlightStatements(),
                properties.getMaxErrorsPerStatement(),
                properties.getStatementTtl(),
                properties.getErrorDetail(),
                export(properties),
                circuitBreaker(properties.getCircuitBreaker()),
                featureFlag(properties.getFeatureFlag()));
    }

    private static ExportSettings export(ClientProperties properties) {
        ExportProperties export = properties.getExport();
        return new ExportSettings(
                export.isEnabled(),
                properties.getLevel(),
                new RetrySettings(
                        export.getMaxRetries(),
                        export.getBackoffInitial(),
                        export.getBackoffMax(),
                        export.getRetryAfterMax()),
                new HttpSettings(
                        export.getConnectTimeout(),
                        export.getReadTimeout(),
                        export.getHeaders(),
                        export.getUserAgentEntry(),
                        export.isAllowPrivateHosts(),
                        export.isAllowHttp()),
                export.getAuthenticatedPaths(),
                export.getUnauthenticatedPaths(),
                // A size that does not fit is out of the allowed range as well.
                (int) Math.max(
                        -1,
                        Math.min(Integer.MAX_VALUE, export.getMaxRequestSize().toBytes())),
                export.isGzip());
    }

    private static CircuitBreakerSettings circuitBreaker(CircuitBreakerProperties breaker) {
        return new CircuitBreakerSettings(
                breaker.getFailureThreshold(), breaker.getOpenTimeout(), breaker.getSuccessThreshold());
    }

    private static FeatureFlagSettings featureFlag(FeatureFlagProperties flag) {
        return new FeatureFlagSettings(
                flag.isEnabled(), flag.getName(), flag.getClient(), flag.getTtl(), flag.getOverride());
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
        if (insight.getSlowThreshold().isNegative()) {
            throw new InvalidSettingException("insight.slow-threshold", insight.getSlowThreshold(), "0s or longer");
        }
        if (insight.getRecentStatements() < 0 || insight.getRecentStatements() > MOST_RECENT_STATEMENTS) {
            throw new InvalidSettingException(
                    "insight.recent-statements",
                    insight.getRecentStatements(),
                    "between 0 and " + MOST_RECENT_STATEMENTS);
        }
        return insight;
    }
}
