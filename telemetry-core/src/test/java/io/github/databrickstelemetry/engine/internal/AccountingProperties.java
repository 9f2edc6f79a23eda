package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever happens in whatever order, both sums hold at every step, nothing is reported twice, and nothing is lost
 * without being counted.
 */
class AccountingProperties {

    /** One action: what, and with which statement. */
    private static final int ACTIONS = 24;

    @Property(tries = 400)
    void sumsHoldAtEveryStep(
            @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 0, max = ACTIONS * 64 - 1) Integer> actions,
            @ForAll long seed) {
        new Run(seed).perform(actions);
    }

    private static final class Run {

        private final Bench bench = new Bench(16);
        private final Bench.Subject client;
        private final Random random;
        private final List<Long> keys = new ArrayList<>();
        private final List<Long> starts = new ArrayList<>();
        private final List<TelemetryMetric> made = new ArrayList<>();
        private long offered;

        Run(long seed) {
            random = new Random(seed);
            bench.listeners.add(new TelemetryListener() {
                @Override
                public void onMetric(String host, TelemetryMetric metric) {
                    made.add(metric);
                }
            });
            client = bench.client("a.example", Bench.settings(3, 12));
            offered = 1;
            client.exporter.answer(this::answer);
        }

        void perform(List<Integer> actions) {
            for (int action : actions) {
                perform(action % ACTIONS, action / ACTIONS);
                TelemetryStatistics statistics = client.statistics();
                Sums.hold(statistics, 16);
                assertThat(statistics.events().emitted()).isEqualTo(offered);
                assertThat(statistics.metrics().made()).isEqualTo(made.size());
                assertThat(statistics.metrics().pending()).isLessThanOrEqualTo(12);
                assertThat(statistics.statements().inFlight()).isLessThanOrEqualTo(20);
                assertThat(statistics.metrics().inFlight()).isLessThanOrEqualTo(3);
            }
            end();
        }

        private void perform(int action, int which) {
            boolean on = client.emitter.isEnabled();
            switch (action) {
                case 0, 1, 2, 3, 4 -> start();
                case 5, 6, 7 -> {
                    client.emitter.statementComplete(client.session, key(which), random.nextInt(), result(which));
                    count(on && key(which) != 0);
                }
                case 8 -> {
                    client.emitter.statementFailed(client.session, key(which), 5, null, failure(which));
                    count(on && key(which) != 0);
                }
                case 9 -> {
                    client.emitter.cloudFetchChunk(client.session, key(which), which, which - 5, true);
                    count(on && key(which) != 0);
                }
                case 10 -> {
                    client.emitter.statementPoll(client.session, key(which), which);
                    count(on && key(which) != 0);
                }
                case 11, 12 -> {
                    client.emitter.error(client.session, key(which), failure(which));
                    count(on);
                }
                case 13 -> {
                    client.emitter.connectionClose(client.session, which);
                    count(on);
                }
                case 14 -> bench.clock.jump(Duration.ofHours(which - 32));
                case 15, 16 -> bench.worker.step();
                case 17 -> bench.pass(Duration.ofMillis(which * 100L));
                case 18 -> bench.pass(Duration.ofSeconds(which));
                case 19, 20 -> bench.runExports();
                case 21 -> client.flush();
                case 22 -> {
                    switch (which % 4) {
                        case 0 -> client.flag.enabled = null;
                        case 1 -> client.flag.enabled = false;
                        default -> client.flag.enabled = true;
                    }
                }
                default -> {
                    if (which == 0) {
                        client.close(Duration.ofSeconds(1));
                    } else {
                        client.pause(which % 8 == 1);
                    }
                }
            }
        }

        private void start() {
            // Every start has a time of its own, by which its metric is recognised.
            bench.clock.advance(Duration.ofMillis(1));
            long key =
                    client.emitter.statementStart(client.session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            count(key != 0);
            if (key != 0) {
                keys.add(key);
                starts.add(key);
            }
        }

        private long key(int which) {
            // Now and then one that never existed.
            return which == 63 ? 987_654_321L : keys.isEmpty() ? 0 : keys.get(which % keys.size());
        }

        private void count(boolean taken) {
            if (taken) {
                offered++;
            }
        }

        private StatementResult result(int which) {
            // The statement's own key as its id: one metric per id is one metric per statement.
            return StatementResult.ofId(which % 3 == 0 ? null : "key " + key(which));
        }

        private static Exception failure(int which) {
            return new Exception(which % 2 == 0 ? "terminal" : "retryable");
        }

        private ExportResult answer(List<TelemetryMetric> batch) {
            int size = batch.size();
            if (batch.stream().anyMatch(metric -> metric.eventId().hashCode() % 13 == 0)) {
                // As a firewall that refuses some documents.
                return ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("HttpStatus", 403));
            }
            ExportError error = new ExportError("HttpStatus", 503);
            return switch (random.nextInt(6)) {
                case 0 -> ExportResult.keptAll(Outcome.FAILURE, batch, error);
                case 1 -> ExportResult.keptAll(Outcome.NOT_PERMITTED, batch, error);
                case 2 -> throw new IllegalStateException();
                case 3 -> {
                    int kept = random.nextInt(size + 1);
                    yield new ExportResult(
                            Outcome.FAILURE, size - kept, 0, 0, 0, batch.subList(size - kept, size), error, 0);
                }
                case 4 -> new ExportResult(Outcome.SUCCESS, size - 1, 1, 0, 0, List.of(), null, 0);
                default -> ExportResult.deliveredAll(size);
            };
        }

        private void end() {
            client.exporter.answer(batch -> ExportResult.deliveredAll(batch.size()));
            client.flag.enabled = true;
            client.pause(false);
            bench.worker.step();
            client.close(Duration.ofSeconds(1));
            bench.runExports();
            bench.pass(Duration.ofSeconds(1));
            bench.runExports();

            TelemetryStatistics statistics = client.statistics();
            Sums.hold(statistics, 16);
            assertThat(client.closed).isTrue();
            assertThat(statistics.events().queued()).isZero();
            assertThat(statistics.metrics().pending()).isZero();
            assertThat(statistics.metrics().inFlight()).isZero();
            assertThat(statistics.statements().inFlight()).isZero();
            assertThat(statistics.events().emitted()).isEqualTo(offered);
            assertThat(statistics.metrics().made()).isEqualTo(made.size());
            reportedOnce();
        }

        private void reportedOnce() {
            Set<String> eventIds = new HashSet<>();
            Set<String> statementIds = new HashSet<>();
            int statements = 0;
            for (TelemetryMetric metric : made) {
                assertThat(eventIds.add(metric.eventId())).isTrue();
                if (metric instanceof StatementMetric statement) {
                    statements++;
                    assertThat(statementIds.add(statement.statementId())).isTrue();
                }
            }
            assertThat(statements).isLessThanOrEqualTo(starts.size());
            List<TelemetryMetric> delivered = client.exporter.delivered();
            assertThat(delivered).doesNotHaveDuplicates();
            assertThat(made).containsAll(delivered);
        }
    }
}
