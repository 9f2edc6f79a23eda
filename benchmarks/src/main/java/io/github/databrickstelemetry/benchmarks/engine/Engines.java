package io.github.databrickstelemetry.benchmarks.engine;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.TelemetryEngine;
import io.github.databrickstelemetry.client.TelemetryEngineBuilder;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.export.ThrowableDescriber;
import io.github.databrickstelemetry.http.CredentialSource;
import io.github.databrickstelemetry.http.TelemetryTarget;
import io.github.databrickstelemetry.privacy.WorkspaceHost;
import java.util.List;

/** Engines as the starter puts them together. */
public final class Engines {

    private Engines() {}

    /** An engine whose exporter takes everything at once. */
    public static TelemetryEngine counting() {
        return builder()
                .exporters((target, breaker) -> new TelemetryExporter() {
                    @Override
                    public ExportResult export(List<TelemetryMetric> batch) {
                        return ExportResult.deliveredAll(batch.size());
                    }
                })
                .build();
    }

    /** What every engine here has. */
    public static TelemetryEngineBuilder builder() {
        return TelemetryEngine.builder().errorDescribers(ThrowableDescriber::new);
    }

    /** A target with default settings, which may be on this machine. */
    public static TelemetryTarget target(String host, long workspaceId) {
        return new TelemetryTarget(
                WorkspaceHost.parse(host),
                true,
                new FixedToken(),
                TransportSettings.DIRECT,
                workspaceId,
                null,
                localSettings(ClientSettings.DEFAULTS));
    }

    private static ClientSettings localSettings(ClientSettings defaults) {
        ExportSettings export = defaults.export();
        return new ClientSettings(
                defaults.authenticatedExport(),
                defaults.batchSize(),
                defaults.flushInterval(),
                defaults.maxPending(),
                defaults.maxInFlightStatements(),
                defaults.maxErrorsPerStatement(),
                defaults.statementTtl(),
                defaults.errorDetail(),
                new ExportSettings(
                        export.maxRetries(),
                        export.backoffInitial(),
                        export.backoffMax(),
                        export.retryAfterMax(),
                        export.connectTimeout(),
                        export.readTimeout(),
                        export.authenticatedPaths(),
                        export.unauthenticatedPaths(),
                        export.maxRequestSize(),
                        export.gzip(),
                        export.headers(),
                        export.userAgentEntry(),
                        true,
                        true),
                defaults.circuitBreaker(),
                defaults.featureFlag());
    }

    private static final class FixedToken implements CredentialSource {
        @Override
        public String identity() {
            return "benchmark";
        }

        @Override
        public String authorization() {
            return "Bearer benchmark";
        }
    }
}
