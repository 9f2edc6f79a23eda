package io.github.databrickstelemetry.insight;

import static io.github.databrickstelemetry.insight.Statements.HOST;
import static io.github.databrickstelemetry.insight.Statements.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.insight.RecentStatements.RecentStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentStatementsTest {

    private long now = Duration.ofDays(3).toNanos();
    private final RecentStatements recent = new RecentStatements(50, TraceContexts.NONE, () -> now);

    @Test
    void showsTheSlowestFirst() {
        finish(20);
        finish(40);
        finish(30);

        assertThat(slowest()).containsExactly(40L, 30L, 20L);
        assertThat(recent.failed()).isEmpty();
    }

    @Test
    void keepsTheFiftySlowestOfFifteenMinutes() {
        Random random = new Random(1);
        List<Long> all = new ArrayList<>();
        for (int minute = 0; minute < 15; minute++) {
            for (int i = 0; i < 500; i++) {
                long millis = 1L + random.nextInt(1_000_000);
                all.add(millis);
                finish(millis);
            }
            now += Duration.ofSeconds(59).toNanos();
        }

        assertThat(slowest())
                .isEqualTo(
                        all.stream().sorted(Comparator.reverseOrder()).limit(50).toList());
    }

    @Test
    void forgetsWhatIsOlderThanFifteenMinutes() {
        finish(1_000);
        now += Duration.ofMinutes(10).toNanos();
        finish(20);
        assertThat(slowest()).containsExactly(1_000L, 20L);

        now += Duration.ofMinutes(6).toNanos();
        assertThat(slowest()).containsExactly(20L);

        now += Duration.ofHours(1).toNanos();
        finish(5);
        assertThat(slowest()).containsExactly(5L);
    }

    @Test
    void showsTheLastFiftyFailuresNewestFirst() {
        for (int i = 0; i < 70; i++) {
            Statements failed = statement().id("id-" + i).failing();
            recent.onStatement(HOST, failed.metric(), failed.local());
        }
        now += Duration.ofDays(1).toNanos();

        assertThat(recent.failed())
                .hasSize(50)
                .extracting(failure -> failure.statement().metric().statementId())
                .startsWith("id-69", "id-68")
                .endsWith("id-20");
    }

    @Test
    void keepsTheTraceIdAndNotTheTrace() {
        TraceContexts traces = new TraceContexts() {
            @Override
            public Object get() {
                return "context";
            }

            @Override
            public String traceId(@Nullable Object context) {
                return "trace of " + context;
            }

            @Override
            public String spanId(@Nullable Object context) {
                return "span";
            }
        };
        RecentStatements traced = new RecentStatements(1, traces);
        Statements statement = statement().in("context").queryText("SELECT 1");
        traced.onStatement(HOST, statement.metric(), statement.local());

        RecentStatement kept = traced.slowest().get(0);
        assertThat(kept.traceId()).isEqualTo("trace of context");
        assertThat(kept.statement().local().traceContext()).isNull();
        assertThat(kept.statement().local().queryText()).isEqualTo("SELECT 1");
        assertThat(kept.statement().queryProfile())
                .startsWith("https://prod.example.com/sql/history?queryId=01f0-server");
    }

    @Test
    void keepsNothingWhenSwitchedOff() {
        RecentStatements off = new RecentStatements(0, TraceContexts.NONE);
        Statements failed = statement().failing();
        off.onStatement(HOST, failed.metric(), failed.local());

        assertThat(off.slowest()).isEmpty();
        assertThat(off.failed()).isEmpty();
    }

    @Test
    void canBeReadWhileStatementsFinish() {
        AtomicBoolean done = new AtomicBoolean();
        RecentStatements shared = new RecentStatements(50, TraceContexts.NONE);
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                assertThat(shared.slowest())
                        .isSortedAccordingTo(Comparator.comparingLong(
                                (RecentStatement r) -> -r.statement().durationNanos()))
                        .hasSizeLessThanOrEqualTo(50);
                assertThat(shared.failed()).doesNotContainNull().hasSizeLessThanOrEqualTo(50);
            }
        });
        for (int i = 0; i < 20_000; i++) {
            Statements statement =
                    i % 2 == 0 ? statement().executeMillis(i) : statement().failing();
            shared.onStatement(HOST, statement.metric(), statement.local());
        }
        done.set(true);
        reader.join();

        assertThat(shared.slowest()).hasSize(50);
        assertThat(shared.failed()).hasSize(50);
    }

    private void finish(long millis) {
        Statements statement = statement().executeMillis(millis);
        recent.onStatement(HOST, statement.metric(), statement.local());
    }

    private List<Long> slowest() {
        return recent.slowest().stream()
                .map(slow -> Duration.ofNanos(slow.statement().durationNanos()).toMillis())
                .toList();
    }
}
