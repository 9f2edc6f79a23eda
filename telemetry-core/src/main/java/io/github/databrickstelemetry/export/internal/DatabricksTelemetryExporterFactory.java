package io.github.databrickstelemetry.export.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.backoff.Sleeper;
import org.springframework.retry.backoff.ThreadWaitSleeper;
import org.springframework.util.function.SingletonSupplier;

/** Makes exporters that post to the telemetry service of a workspace. Thread-safe. */
public final class DatabricksTelemetryExporterFactory implements TelemetryExporterFactory {

    private record PathsKey(WorkspaceHost host, List<String> paths) {}

    private final WorkspaceHttp http;
    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final Sleeper sleeper;
    private final Guard guard;
    private final SingletonSupplier<SystemConfiguration> system;

    /** Remembered for as long as an exporter uses them. Made with the first of them, on a thread of the engine. */
    private final SingletonSupplier<Cache<PathsKey, RequestPaths>> paths = SingletonSupplier.of(
            () -> Caffeine.newBuilder().weakValues().executor(Runnable::run).build());

    /**
     * Makes a factory.
     *
     * @param random spreads retries; must be thread-safe, as {@link java.util.Random} is
     * @param clientAppName the application's name as it is reported, or null
     */
    public DatabricksTelemetryExporterFactory(
            WorkspaceHttp http,
            TelemetryClock clock,
            RandomGenerator random,
            @Nullable String clientAppName,
            Guard guard) {
        this(http, clock, random, new ThreadWaitSleeper(), clientAppName, guard);
    }

    /** @param sleeper waits between attempts */
    DatabricksTelemetryExporterFactory(
            WorkspaceHttp http,
            TelemetryClock clock,
            RandomGenerator random,
            Sleeper sleeper,
            @Nullable String clientAppName,
            Guard guard) {
        this.http = http;
        this.clock = clock;
        this.random = random;
        this.sleeper = sleeper;
        this.guard = guard;
        this.system = SingletonSupplier.of(() -> SystemConfiguration.current(clientAppName));
    }

    @Override
    public TelemetryExporter create(TelemetryTarget target, CircuitBreaker breaker) {
        ExportSettings settings = target.settings().export();
        boolean authenticated = target.settings().authenticatedExport();
        WorkspaceChannel channel = http.open(target);
        RequestSender sender = new RequestSender(
                channel::post,
                breaker,
                paths(target.host(), authenticated ? settings.authenticatedPaths() : settings.unauthenticatedPaths()),
                authenticated ? channel::requiredAuthorization : () -> null,
                clock,
                settings.retry(),
                new FullJitterBackOff(settings.retry(), random, sleeper));
        return new DatabricksTelemetryExporter(
                channel,
                new BatchEncoder(new WireMapper(target, system.obtain())),
                sender,
                clock,
                settings.maxRequestSize(),
                settings.gzip(),
                guard);
    }

    private RequestPaths paths(WorkspaceHost host, List<String> candidates) {
        return paths.obtain().get(new PathsKey(host, candidates), key -> new RequestPaths(key.paths));
    }
}
