package io.github.databrickstelemetry.benchmarks.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.benchmarks.measure.DriverSource.Cycle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One process of {@link DriverComparison}: the bare driver and the one with telemetry take turns, cycle by cycle, so
 * that whatever else goes on meets both. Prints the nanoseconds of every pair of cycles.
 */
public final class DriverCycles {

    private DriverCycles() {}

    /** What is printed: element i of one was measured beside element i of the other. */
    record Pairs(List<Cycle> bare, List<Cycle> observed) {}

    /** Arguments: {@code none}, {@code ours} or {@code driver}; URL; pairs to warm up with; pairs to measure. */
    public static void main(String[] arguments) throws Exception {
        int warmUp = Integer.parseInt(arguments[2]);
        int pairs = Integer.parseInt(arguments[3]);
        Random random = new Random(1);
        Pairs measured = new Pairs(new ArrayList<>(), new ArrayList<>());
        try (DriverSource bare = DriverSource.of("none", arguments[1]);
                DriverSource observed = DriverSource.of(arguments[0], arguments[1])) {
            for (int i = -warmUp; i < pairs; i++) {
                if (i == 0) {
                    measured.bare.clear();
                    measured.observed.clear();
                }
                // The second finds warmer caches, so it is left to chance which that is.
                boolean bareFirst = random.nextBoolean();
                if (bareFirst) {
                    measured.bare.add(bare.cycle());
                }
                measured.observed.add(observed.cycle());
                if (!bareFirst) {
                    measured.bare.add(bare.cycle());
                }
            }
            System.out.println(new ObjectMapper().writeValueAsString(measured));
        }
        System.exit(0);
    }
}
