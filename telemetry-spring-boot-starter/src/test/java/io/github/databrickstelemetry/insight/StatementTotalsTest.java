package io.github.databrickstelemetry.insight;

import static io.github.databrickstelemetry.insight.Statements.HOST;
import static io.github.databrickstelemetry.insight.Statements.statement;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StatementTotalsTest {

    private final StatementTotals totals = new StatementTotals();

    @Test
    void sumsThePhasesOfEachDataSource() {
        finish(statement());
        finish(statement());
        finish(statement().dataSource("billing").failing());

        StatementTotals.Totals orders = totals.of("orders");
        assertThat(orders.finished()).isEqualTo(2);
        assertThat(orders.failed()).isZero();
        assertThat(orders.executeNanos()).isEqualTo(Duration.ofMillis(900).toNanos());
        assertThat(orders.pollNanos()).isEqualTo(Duration.ofMillis(600).toNanos());
        assertThat(orders.downloadNanos()).isEqualTo(Duration.ofMillis(4_210).toNanos());
        assertThat(orders.consumeNanos()).isEqualTo(Duration.ofMillis(2_768).toNanos());
        assertThat(totals.of("billing").failed()).isEqualTo(1);
        assertThat(totals.byDataSource()).containsOnlyKeys("billing", "orders");
    }

    @Test
    void countsTheExecuteCallByItsDuration() {
        for (long millis : new long[] {0, 1, 2, 5, 6, 400, 500, 300_000, 300_001}) {
            finish(statement().executeMillis(millis));
        }

        assertThat(StatementTotals.boundsMillis())
                .containsExactly(1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 30_000, 60_000, 300_000);
        assertThat(totals.of("orders").buckets()).containsExactly(2, 2, 1, 0, 0, 2, 0, 0, 0, 0, 0, 1, 1);
    }

    @Test
    void dataSourcesBeyondTheBoundShareAName() {
        for (int i = 0; i < 120; i++) {
            finish(statement().dataSource("ds" + i));
        }

        assertThat(totals.byDataSource()).hasSize(101).containsKeys("ds0", "ds99", BoundedNames.OTHER);
        assertThat(totals.of(BoundedNames.OTHER).finished()).isEqualTo(20);
        assertThat(totals.of("ds0").finished()).isEqualTo(1);
    }

    private void finish(Statements statement) {
        totals.onStatement(HOST, statement.metric(), statement.local());
    }
}
