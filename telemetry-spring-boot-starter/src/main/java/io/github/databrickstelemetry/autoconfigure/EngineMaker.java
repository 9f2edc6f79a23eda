package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.PauseSwitch;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.export.internal.DatabricksTelemetryExporterFactory;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.jdbc.databricks.DriverVersion;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.TelemetrySwitch;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.internal.HostValidator;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;

/** Makes an application's one engine, with the HTTP that its exporters and flags share. Not thread-safe. */
final class EngineMaker {

    private final TelemetrySettings settings;
    private final ApplicationBeans application;
    private final PauseSwitch pauseSwitch;
    private final @Nullable TelemetryExporterFactory exporters;
    private final Environment environment;
    private final ClassLoader driver;
    private @Nullable WorkspaceHttp http;

    /**
     * @param exporters the application's own, or null for those that post to the workspaces
     * @param driver finds the driver, for its version
     */
    EngineMaker(
            TelemetrySettings settings,
            ApplicationBeans application,
            PauseSwitch pauseSwitch,
            @Nullable TelemetryExporterFactory exporters,
            Environment environment,
            ClassLoader driver) {
        this.settings = settings;
        this.application = application;
        this.pauseSwitch = pauseSwitch;
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
        Guard guard = new Guard(LoggerFactory.getLogger(TelemetryEngine.class));
        return new TelemetryEngine(
                settings.engine(),
                TelemetryClock.SYSTEM,
                random,
                (target, breaker) -> new FanOutExporter(service.create(target, breaker), application::exporters),
                () -> new FeatureFlagCache(shared, TelemetryClock.SYSTEM, random, DriverVersion.find(driver), guard),
                () -> off,
                pauseSwitch,
                guard);
    }

    /** Once the engine has closed. */
    void close() {
        if (http != null) {
            http.close();
        }
    }
}
