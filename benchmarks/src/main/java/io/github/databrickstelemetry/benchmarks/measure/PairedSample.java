package io.github.databrickstelemetry.benchmarks.measure;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;

/** Two series that were measured in turns, and by how much the second takes longer. */
final class PairedSample {

    private static final int RESAMPLES = 1_000;

    /** A number with its 95 % confidence interval. */
    record Estimate(double value, double low, double high) {}

    private final double[] first;
    private final double[] second;

    /** Elements of the same index were measured beside each other. */
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
        return estimate((a, b) -> median(b) / median(a));
    }

    /**
     * The median of the differences within pairs. Where the machine's speed changes between the pairs, this shows much
     * smaller differences than the medians of each.
     */
    Estimate difference() {
        return estimate((a, b) -> {
            double[] longer = new double[a.length];
            Arrays.setAll(longer, i -> b[i] - a[i]);
            return median(longer);
        });
    }

    /** The interval comes from resampling the pairs, which makes no assumption about them. */
    private Estimate estimate(ToDoubleBiFunction<double[], double[]> statistic) {
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
            values[i] = statistic.applyAsDouble(a, b);
        }
        Arrays.sort(values);
        return new Estimate(
                statistic.applyAsDouble(first.clone(), second.clone()),
                values[(int) (0.025 * RESAMPLES)],
                values[(int) (0.975 * RESAMPLES)]);
    }

    /** Sorts its argument. */
    static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
