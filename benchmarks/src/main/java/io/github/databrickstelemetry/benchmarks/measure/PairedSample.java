package io.github.databrickstelemetry.benchmarks.measure;

import java.util.Arrays;
import java.util.Random;

/** Two things measured in turns, and by how much the second takes longer. */
final class PairedSample {

    private static final int RESAMPLES = 1_000;

    /** A ratio with its 95 % confidence interval. */
    record Ratio(double value, double low, double high) {}

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

    /** The ratio of the medians; its interval comes from resampling the pairs, which makes no assumption about them. */
    Ratio ratio() {
        Random random = new Random(1);
        double[] ratios = new double[RESAMPLES];
        double[] a = new double[first.length];
        double[] b = new double[first.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < a.length; j++) {
                int pair = random.nextInt(a.length);
                a[j] = first[pair];
                b[j] = second[pair];
            }
            ratios[i] = median(b) / median(a);
        }
        Arrays.sort(ratios);
        return new Ratio(
                medianOfSecond() / medianOfFirst(),
                ratios[(int) (0.025 * RESAMPLES)],
                ratios[(int) (0.975 * RESAMPLES)]);
    }

    /** Sorts its argument. */
    static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
