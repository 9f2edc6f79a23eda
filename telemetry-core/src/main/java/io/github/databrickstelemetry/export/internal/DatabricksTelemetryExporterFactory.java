package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.export.internal.FrontendLog.SystemConfiguration;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.backoff.Sleeper;
import org.springframework.retry.backoff.ThreadWaitSleeper;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.util.function.SingletonSupplier;

/** Makes exporters that post to the telemetry service of a workspace. Thread-safe. */
public final class DatabricksTelemetryExporterFactory implements TelemetryExporterFactory {

    private final WorkspaceHttp http;
    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final Sleeper sleeper;
    private final Guard guard;
    private final SingletonSupplier<SystemConfiguration> system;

    /** The path that each host serves, of those to try. Remembered as long as the host's breaker is. Guarded by itself. */
    private final Map<CircuitBreaker, Map<List<String>, AtomicInteger>> provenPaths = new WeakHashMap<>();

    /**
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
        WorkspaceChannel channel = http.open();
        AtomicInteger provenPath = provenPath(breaker, RequestSender.paths(target.settings()));
        RetryTemplate retry = RequestSender.retry(target.settings().export().retry(), random, sleeper);
        RequestSender sender = new RequestSender(channel, target, breaker, provenPath, clock, retry);
        WireFormat format = new WireFormat(target, system.obtain());
        return new DatabricksTelemetryExporter(target, channel, format, sender, clock, guard);
    }

    private AtomicInteger provenPath(CircuitBreaker breaker, List<String> paths) {
        synchronized (provenPaths) {
            return provenPaths
                    .computeIfAbsent(breaker, host -> new HashMap<>())
                    .computeIfAbsent(paths, unproven -> new AtomicInteger(RequestSender.NO_PATH));
        }
    }
}
