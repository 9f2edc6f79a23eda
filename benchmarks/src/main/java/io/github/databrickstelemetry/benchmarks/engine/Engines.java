package io.github.databrickstelemetry.benchmarks.engine;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.config.ExportSettings.HttpSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.internal.DatabricksTelemetryExporterFactory;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Engines with the parts that the starter gives them. */
public final class Engines {

    private Engines() {}

    /** An engine whose exporter delivers everything at once. */
    public static TelemetryEngine counting() {
        return engine((target, breaker) -> batch -> ExportResult.deliveredAll(batch.size()), null);
    }

    /** An engine that posts to workspaces. */
    public static TelemetryEngine sending() {
        return engine(
                new DatabricksTelemetryExporterFactory(
                        new WorkspaceHttp(),
                        TelemetryClock.SYSTEM,
                        new Random(),
                        "benchmark",
                        new Guard(LoggerFactory.getLogger(Engines.class))),
                null);
    }

    /**
     * An engine that posts to workspaces and requests their flags.
     *
     * @param flagClock the clock for the flags' TTL
     */
    public static TelemetryEngine withFlags(TelemetryClock flagClock) {
        WorkspaceHttp http = new WorkspaceHttp();
        return engine(
                new DatabricksTelemetryExporterFactory(
                        http,
                        TelemetryClock.SYSTEM,
                        new Random(),
                        "benchmark",
                        new Guard(LoggerFactory.getLogger(Engines.class))),
                () -> new FeatureFlagCache(
                        http::open, flagClock, new Random(), null, new Guard(LoggerFactory.getLogger(Engines.class))));
    }

    private static TelemetryEngine engine(
            TelemetryExporterFactory exporters, @Nullable Supplier<FeatureFlagCache> flags) {
        return new TelemetryEngine(
                EngineSettings.DEFAULTS,
                TelemetryClock.SYSTEM,
                exporters,
                flags,
                () -> false,
                () -> false,
                new TelemetryThreads("worker"),
                new Guard(LoggerFactory.getLogger(Engines.class)));
    }

    /** A target with default settings, which may be on this machine. */
    public static TelemetryTarget target(String host, long workspaceId) {
        return target(host, workspaceId, new FixedToken(), ClientSettings.DEFAULTS);
    }

    /** A target with these credentials. */
    public static TelemetryTarget target(String host, CredentialSource credentials) {
        return target(host, 1, credentials, ClientSettings.DEFAULTS);
    }

    /** A target with these credentials and settings, which may be on this machine. */
    public static TelemetryTarget target(
            String host, long workspaceId, CredentialSource credentials, ClientSettings settings) {
        return new TelemetryTarget(
                WorkspaceHost.parse(host),
                true,
                credentials,
                TransportSettings.DIRECT,
                workspaceId,
                null,
                onThisMachine(settings));
    }

    /** A target with this batch size. */
    public static TelemetryTarget batching(String host, int batchSize) {
        ClientSettings defaults = ClientSettings.DEFAULTS;
        return target(
                host,
                1,
                new FixedToken(),
                new ClientSettings(
                        defaults.authenticatedExport(),
                        batchSize,
                        defaults.flushInterval(),
                        defaults.maxPending(),
                        defaults.maxInFlightStatements(),
                        defaults.maxErrorsPerStatement(),
                        defaults.statementTtl(),
                        defaults.errorDetail(),
                        defaults.export(),
                        defaults.circuitBreaker(),
                        defaults.featureFlag()));
    }

    private static ClientSettings onThisMachine(ClientSettings defaults) {
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
                        true,
                        export.level(),
                        export.retry(),
                        new HttpSettings(
                                export.http().connectTimeout(),
                                export.http().readTimeout(),
                                export.http().headers(),
                                export.http().userAgentEntry(),
                                true,
                                true),
                        export.authenticatedPaths(),
                        export.unauthenticatedPaths(),
                        export.maxRequestSize(),
                        export.gzip()),
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
