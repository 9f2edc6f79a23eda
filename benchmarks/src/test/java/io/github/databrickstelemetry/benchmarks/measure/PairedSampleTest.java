package io.github.databrickstelemetry.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.benchmarks.measure.PairedSample.Estimate;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedSampleTest {

    private static final int PAIRS = 101;

    /** A machine that becomes slower and slower, by far more than the second takes longer. */
    private final double[] first = new double[PAIRS];

    private final double[] second = new double[PAIRS];

    PairedSampleTest() {
        Random random = new Random(7);
        for (int i = 0; i < PAIRS; i++) {
            first[i] = 1_000 + 10 * i;
            second[i] = first[i] + 5 + random.nextInt(-2, 3);
        }
    }

    @Test
    void seesASmallDifferenceBetweenPairsThatDifferByMore() {
        Estimate added = new PairedSample(first, second).difference();
        assertThat(added.value()).isEqualTo(5);
        assertThat(added.low()).isBetween(4.0, 5.0);
        assertThat(added.high()).isBetween(5.0, 6.0);
    }

    @Test
    void theRatioIsThatOfTheMedians() {
        PairedSample sample = new PairedSample(first, second);
        Estimate ratio = sample.ratio();
        assertThat(sample.medianOfFirst()).isEqualTo(1_500);
        assertThat(ratio.value()).isEqualTo(sample.medianOfSecond() / 1_500);
        assertThat(ratio.low()).isLessThanOrEqualTo(ratio.value());
        assertThat(ratio.high()).isGreaterThanOrEqualTo(ratio.value());
    }

    @Test
    void leavesWhatItIsGivenInItsOrder() {
        double[] given = first.clone();
        PairedSample sample = new PairedSample(given, second);
        sample.ratio();
        sample.difference();
        assertThat(given).containsExactly(first);
        assertThat(sample.difference()).isEqualTo(sample.difference());
    }
}
