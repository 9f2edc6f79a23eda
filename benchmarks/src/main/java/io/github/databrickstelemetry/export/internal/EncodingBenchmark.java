package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.benchmarks.measure.Results;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Serialisation alone: one statement, and a batch of a hundred. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncodingBenchmark {

    private static final int BATCH = 100;

    private final WireFormat format = new WireFormat(
            Engines.target("workspace.example.com", 1234567890123456L), FrontendLog.SystemConfiguration.current("app"));
    private final List<TelemetryMetric> metrics = metrics(EncodingBenchmark::ordinary);
    private final List<TelemetryMetric> cloudFetch = metrics(EncodingBenchmark::cloudFetch);

    @Benchmark
    public Object statement() throws IOException {
        return format.encode(metrics.get(0));
    }

    @Benchmark
    public Object cloudFetchStatement() throws IOException {
        return format.encode(cloudFetch.get(0));
    }

    @Benchmark
    public byte[] batchOfHundred() throws IOException {
        return body(metrics);
    }

    @Benchmark
    public byte[] batchOfHundredCompressed() throws IOException {
        return WireFormat.gzip(body(metrics));
    }

    private byte[] body(List<TelemetryMetric> metrics) throws IOException {
        List<WireFormat.Document> encoded = new ArrayList<>(metrics.size());
        for (TelemetryMetric metric : metrics) {
            encoded.add(format.encode(metric));
        }
        return WireFormat.body(encoded, 1_700_000_000_000L);
    }

    /** Writes how many bytes a statement has on the wire, in a full batch. */
    public static void main(String[] arguments) throws IOException {
        EncodingBenchmark benchmark = new EncodingBenchmark();
        Results results = new Results("bytes");
        add(results, "ordinary statement", benchmark.body(benchmark.metrics));
        add(results, "CloudFetch statement", benchmark.body(benchmark.cloudFetch));
        results.write();
    }

    private static void add(Results results, String what, byte[] body) throws IOException {
        results.add("bytes per " + what + ", plain", "ours", (double) body.length / BATCH, "B");
        results.add("bytes per " + what + ", gzip", "ours", (double) WireFormat.gzip(body).length / BATCH, "B");
    }

    /** A small result in the first response, without polling. */
    private static StatementResult ordinary(String statementId) {
        return new StatementResult(
                statementId,
                ResultFormat.INLINE_ARROW,
                false,
                new StatementResult.Chunks(1, 1, 0, 0, 0),
                new StatementResult.Polls(0, 0),
                new StatementResult.Latency(TimeUnit.MILLISECONDS.toNanos(120), TimeUnit.MILLISECONDS.toNanos(3), 0),
                0);
    }

    /** A large result, with all fields that the driver knows. */
    private static StatementResult cloudFetch(String statementId) {
        return new StatementResult(
                statementId,
                ResultFormat.EXTERNAL_LINKS,
                true,
                new StatementResult.Chunks(
                        8,
                        8,
                        TimeUnit.MILLISECONDS.toNanos(30),
                        TimeUnit.MILLISECONDS.toNanos(90),
                        TimeUnit.MILLISECONDS.toNanos(400)),
                new StatementResult.Polls(2, TimeUnit.MILLISECONDS.toNanos(20)),
                new StatementResult.Latency(TimeUnit.MILLISECONDS.toNanos(120), TimeUnit.MILLISECONDS.toNanos(900), 0),
                0);
    }

    private static List<TelemetryMetric> metrics(Function<String, StatementResult> result) {
        TelemetrySession session;
        try (TelemetryEngine engine = Engines.counting()) {
            session = engine.acquire(Engines.target("workspace.example.com", 1))
                    .emitter()
                    .connectionOpen(
                            UUID.randomUUID().toString(),
                            new ConnectionDetails(
                                    "databricks-jdbc",
                                    "3.4.5",
                                    "PAT",
                                    "/sql/1.0/warehouses/a",
                                    "SEA",
                                    "PAT",
                                    null,
                                    Map.of()),
                            1);
        }
        List<TelemetryMetric> metrics = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            String statementId = UUID.randomUUID().toString();
            metrics.add(new StatementMetric(
                    UUID.randomUUID().toString(),
                    session,
                    1_700_000_000_000L + i,
                    statementId,
                    OperationType.EXECUTE_STATEMENT,
                    StatementType.QUERY,
                    false,
                    TimeUnit.MILLISECONDS.toNanos(100 + i),
                    result.apply(statementId),
                    null));
        }
        return metrics;
    }
}
