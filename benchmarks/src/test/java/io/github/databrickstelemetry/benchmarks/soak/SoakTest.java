package io.github.databrickstelemetry.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.benchmarks.soak.Soak.Account;
import io.github.databrickstelemetry.benchmarks.soak.Soak.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A tenth of the soak that {@code benchmarks/soak} runs. */
class SoakTest {

    private static final Duration LENGTH = Duration.ofSeconds(30);

    @Test
    void losesNothingAndLeavesNothingBehind() {
        long seed = System.nanoTime();
        Outcome outcome = new Soak(LENGTH, seed).run();

        assertThat(outcome.accounts()).as("seed %s", seed).allSatisfy(account -> {
            assertThat(account).matches(Account::eventsAddUp, "events add up");
            assertThat(account).matches(Account::metricsAddUp, "metrics add up");
            assertThat(account.statements()).isPositive();
            assertThat(account.taken()).isPositive();
            assertThat(account.statistics().metrics().pending()).isZero();
        });
        // Flags were switched off and on again, so that some metrics were discarded by them.
        assertThat(outcome.accounts())
                .as("seed %s", seed)
                .anyMatch(
                        account -> account.statistics().metrics().dropped().getOrDefault(DropReason.FLAG_OFF, 0L) > 0);
        assertThat(outcome.loudLogLines()).isZero();
        assertThat(outcome.threadsLeft()).isEmpty();
        assertThat(outcome.heapGrowth()).isLessThan(16 << 20);
    }
}
