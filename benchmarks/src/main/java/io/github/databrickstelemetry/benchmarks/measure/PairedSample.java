package io.github.databrickstelemetry.benchmarks.measure;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;

/** Two things measured in turns, and by how much the second takes longer. */
final class PairedSample {

    private static final int RESAMPLES = 1_000;

    /** A number with its 95 % confidence interval. */
    record Estimate(double value, double low, double high) {}

    private final double[] first;
    private final double[] second;

    /** Element i of one was measured beside element i of the other. */
    PairedSample(double[] first, double[] second) {
        this.first = first.clone();
        this.second = second.clone();
    }

    double medianOfFirst() {
        return median(first.clone());
    }

    double medianOfSecond() {
        return median(second.clone());
    }

    /** The ratio of the medians. */
    Estimate ratio() {
        return estimate((a, b) -> b / a);
    }

    /** By how much the second's median is higher. */
    Estimate difference() {
        return estimate((a, b) -> b - a);
    }

    /** The interval comes from resampling the pairs, which makes no assumption about them. */
    private Estimate estimate(DoubleBinaryOperator ofMedians) {
        Random random = new Random(1);
        double[] values = new double[RESAMPLES];
        double[] a = new double[first.length];
        double[] b = new double[first.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < a.length; j++) {
                int pair = random.nextInt(a.length);
                a[j] = first[pair];
                b[j] = second[pair];
            }
            values[i] = ofMedians.applyAsDouble(median(a), median(b));
        }
        Arrays.sort(values);
        return new Estimate(
                ofMedians.applyAsDouble(medianOfFirst(), medianOfSecond()),
                values[(int) (0.025 * RESAMPLES)],
                values[(int) (0.975 * RESAMPLES)]);
    }

    /** Sorts its argument. */
    static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
