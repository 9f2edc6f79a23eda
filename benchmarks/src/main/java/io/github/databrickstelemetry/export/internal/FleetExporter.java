package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.benchmarks.fleet.FleetChannel;
import io.github.databrickstelemetry.benchmarks.fleet.FleetServer;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.export.internal.RequestSender.AttemptException;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.springframework.retry.backoff.Sleeper;

/**
 * The real request sender, with its retries and permits, before a simulated workspace. Encodes nothing. In this package
 * for its constructors.
 */
public final class FleetExporter implements TelemetryExporter {

    private static final byte[] BODY = {};

    private final RequestSender sender;
    private final Runnable delivered;

    /**
     * Makes an exporter.
     *
     * @param sleeper lets the clock advance
     * @param delivered runs after each delivery
     */
    public FleetExporter(
            FleetServer server,
            TelemetryTarget target,
            CircuitBreaker breaker,
            TelemetryClock clock,
            RandomGenerator random,
            Sleeper sleeper,
            Runnable delivered) {
        this.delivered = delivered;
        this.sender = new RequestSender(
                new FleetChannel(server, clock),
                target,
                breaker,
                new AtomicInteger(RequestSender.NO_PATH),
                clock,
                RequestSender.retry(target.settings().export().retry(), random, sleeper));
    }

    @Override
    public ExportResult export(List<TelemetryMetric> batch) {
        try {
            sender.send(BODY);
            delivered.run();
            return ExportResult.deliveredAll(batch.size());
        } catch (AttemptException failure) {
            return new ExportResult(failure.outcome, 0, 0, 0, 0, batch, failure.error, failure.retryAfterMillis);
        }
    }
}
