package io.github.databrickstelemetry.benchmarks.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.benchmarks.measure.DriverSource.Cycle;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One process of {@link DriverComparison}: the bare driver and the instrumented one take turns, cycle by cycle, so
 * that other load on the machine meets both. Prints the nanoseconds of every pair of cycles.
 */
public final class DriverCycles {

    private DriverCycles() {}

    /** Elements of the same index were measured beside each other. */
    record Pairs(List<Cycle> bare, List<Cycle> instrumented) {}

    /** The printed result: against a workspace that responds at once, and against one with a response time. */
    record Measured(Pairs atOnce, Pairs inTime) {}

    /**
     * Arguments: {@code none}, {@code ours} or {@code driver}; the JDBC URL; pairs to warm up with; pairs to measure;
     * the response time in milliseconds, and pairs to measure with that. The data sources are the same throughout, as an
     * application's are.
     */
    public static void main(String[] arguments) throws Exception {
        String url = arguments[1];
        Pairs atOnce;
        Pairs inTime;
        try (DriverSource bare = DriverSource.of("none", url);
                DriverSource instrumented = DriverSource.of(arguments[0], url)) {
            Random random = new Random(1);
            pairs(bare, instrumented, Integer.parseInt(arguments[2]), random);
            atOnce = pairs(bare, instrumented, Integer.parseInt(arguments[3]), random);
            think(url, Duration.ofMillis(Long.parseLong(arguments[4])));
            inTime = pairs(bare, instrumented, Integer.parseInt(arguments[5]), random);
            think(url, Duration.ZERO);
        }
        System.out.println(new ObjectMapper().writeValueAsString(new Measured(atOnce, inTime)));
        System.exit(0);
    }

    private static void think(String url, Duration duration) throws IOException {
        URI workspace = URI.create("http://" + DriverSource.authority(url) + "/");
        CannedWorkspace.thinkFor(workspace, duration).toURL().openStream().close();
    }

    private static Pairs pairs(DriverSource bare, DriverSource instrumented, int count, Random random)
            throws SQLException {
        Pairs measured = new Pairs(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < count; i++) {
            // The second one finds warmer caches, so the order is random.
            boolean bareFirst = random.nextBoolean();
            if (bareFirst) {
                measured.bare.add(bare.cycle());
            }
            measured.instrumented.add(instrumented.cycle());
            if (!bareFirst) {
                measured.bare.add(bare.cycle());
            }
        }
        return measured;
    }
}
