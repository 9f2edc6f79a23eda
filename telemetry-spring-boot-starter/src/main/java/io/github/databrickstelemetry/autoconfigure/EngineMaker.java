package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.export.internal.DatabricksTelemetryExporterFactory;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.jdbc.databricks.DriverVersion;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.internal.HostValidator;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** Makes an application's one engine, with the HTTP that its exporters and flags share. Not thread-safe. */
final class EngineMaker {

    private final TelemetryContext context;
    private final @Nullable TelemetryExporterFactory exporters;
    private final Environment environment;
    private final ClassLoader driver;
    private @Nullable WorkspaceHttp http;

    /**
     * @param exporters the application's own, or null for those that post to the workspaces
     * @param driver finds the driver, for its version
     */
    EngineMaker(
            TelemetryContext context,
            @Nullable TelemetryExporterFactory exporters,
            Environment environment,
            ClassLoader driver) {
        this.context = context;
        this.exporters = exporters;
        this.environment = environment;
        this.driver = driver;
    }

    TelemetryClientProvider make() {
        WorkspaceHttp shared = new WorkspaceHttp(new HostValidator());
        http = shared;
        Random random = new Random();
        TelemetryExporterFactory service = exporters != null
                ? exporters
                : new DatabricksTelemetryExporterFactory(
                        shared, TelemetryClock.SYSTEM, random, environment.getProperty("spring.application.name"));
        // Frozen by ahead-of-time processing, the conditions cannot answer this any more.
        boolean off = !TelemetrySwitch.isOn(environment);
        return TelemetryEngine.builder()
                .settings(context.settings().engine())
                .exporters((target, breaker) ->
                        new FanOutExporter(service.create(target, breaker), context.application()::exporters))
                .flags(executor -> new FeatureFlagCache(
                        shared, executor, TelemetryClock.SYSTEM, random, DriverVersion.find(driver)))
                .killSwitch(() -> off || context.pauseSwitch().getAsBoolean())
                .build();
    }

    /** Once the engine has closed. */
    void close() {
        if (http != null) {
            http.close();
        }
    }
}
