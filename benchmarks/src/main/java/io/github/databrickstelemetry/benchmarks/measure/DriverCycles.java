package io.github.databrickstelemetry.benchmarks.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.benchmarks.measure.DriverSource.Cycle;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One process of {@link DriverComparison}: the bare driver and the one with telemetry take turns, cycle by cycle, so
 * that whatever else goes on meets both. Prints the nanoseconds of every pair of cycles.
 */
public final class DriverCycles {

    private DriverCycles() {}

    /** Element i of one was measured beside element i of the other. */
    record Pairs(List<Cycle> bare, List<Cycle> observed) {}

    /** What is printed: against a workspace that answers at once, and against one that takes its time. */
    record Measured(Pairs atOnce, Pairs inTime) {}

    /**
     * Arguments: {@code none}, {@code ours} or {@code driver}; URL that answers at once; pairs to warm up with; pairs to
     * measure; URL that takes its time; pairs to measure there.
     */
    public static void main(String[] arguments) throws Exception {
        Random random = new Random(1);
        pairs(arguments[0], arguments[1], Integer.parseInt(arguments[2]), random);
        Pairs atOnce = pairs(arguments[0], arguments[1], Integer.parseInt(arguments[3]), random);
        Pairs inTime = pairs(arguments[0], arguments[4], Integer.parseInt(arguments[5]), random);
        System.out.println(new ObjectMapper().writeValueAsString(new Measured(atOnce, inTime)));
        System.exit(0);
    }

    private static Pairs pairs(String telemetry, String url, int count, Random random) throws SQLException {
        Pairs measured = new Pairs(new ArrayList<>(), new ArrayList<>());
        try (DriverSource bare = DriverSource.of("none", url);
                DriverSource observed = DriverSource.of(telemetry, url)) {
            for (int i = 0; i < count; i++) {
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
        }
        return measured;
    }
}
