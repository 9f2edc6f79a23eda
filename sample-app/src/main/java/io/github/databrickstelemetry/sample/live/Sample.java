package io.github.databrickstelemetry.sample.live;

import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.sample.trips.QueryTimes;
import io.github.databrickstelemetry.standin.TelemetryService;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything at one moment.
 *
 * @param time epoch milliseconds
 * @param loadPerSecond the steady load asked for
 * @param clients telemetry by host, empty before the first connection and while telemetry is disabled
 * @param workspace the stand-in's view, or null where there is none
 */
record Sample(
        long time,
        int loadPerSecond,
        Statements statements,
        List<Client> clients,
        @Nullable Workspace workspace) {

    /** The application's statements; {@code lastSecond}, {@code p50} and {@code p95} since the sample before. */
    record Statements(
            long total,
            long failed,
            int lastSecond,
            @Nullable Double p50,
            @Nullable Double p95) {

        static Statements of(QueryTimes.Window window) {
            List<Double> sorted = window.millis().stream().sorted().toList();
            return new Statements(
                    window.total(), window.failed(), sorted.size(), quantile(sorted, 0.5), quantile(sorted, 0.95));
        }

        private static @Nullable Double quantile(List<Double> sorted, double part) {
            return sorted.isEmpty() ? null : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
        }
    }

    /** One client's accounts. */
    record Client(
            String host,
            String status,
            String breaker,
            String flag,
            long emitted,
            long queued,
            long aggregated,
            long droppedEvents,
            long metrics,
            long delivered,
            long rejected,
            long droppedMetrics,
            long pending,
            long inFlight,
            long statementsInFlight,
            Map<String, Long> dropped,
            long lastSuccess,
            @Nullable String lastError) {

        static Client of(TelemetryStatistics statistics) {
            Map<String, Long> dropped = new TreeMap<>();
            statistics.events().dropped().forEach((reason, count) -> dropped.merge(reason.text(), count, Long::sum));
            statistics.metrics().dropped().forEach((reason, count) -> dropped.merge(reason.text(), count, Long::sum));
            dropped.values().removeIf(count -> count == 0);
            var error = statistics.lastExport().error();
            return new Client(
                    statistics.host(),
                    statistics.status().name(),
                    statistics.breaker().state().name(),
                    statistics.flag().status().name(),
                    statistics.events().emitted(),
                    statistics.events().queued(),
                    statistics.events().aggregated(),
                    sum(statistics.events().dropped()),
                    statistics.metrics().made(),
                    statistics.metrics().delivered(),
                    statistics.metrics().rejected(),
                    sum(statistics.metrics().dropped()),
                    statistics.metrics().pending(),
                    statistics.metrics().inFlight(),
                    statistics.statements().inFlight(),
                    dropped,
                    statistics.lastExport().successMillis(),
                    error == null ? null : describe(error.exceptionClass(), error.httpStatus()));
        }

        private static long sum(Map<?, Long> counts) {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }

        private static String describe(String exceptionClass, int status) {
            String simple = exceptionClass.substring(exceptionClass.lastIndexOf('.') + 1);
            return status == 0 ? simple : "HTTP " + status;
        }
    }

    /** What the stand-in ran and received. */
    record Workspace(
            String endpoint, boolean flag, long statements, long requests, long refused, long documents, long bytes) {

        static Workspace of(WorkspaceStandIn workspace) {
            TelemetryService telemetry = workspace.telemetry();
            return new Workspace(
                    telemetry.mode().name(),
                    workspace.featureFlag().isEnabled(),
                    workspace.statementsRun(),
                    telemetry.requests(),
                    telemetry.failedRequests(),
                    telemetry.documents(),
                    telemetry.bytes());
        }
    }
}
