package io.github.databrickstelemetry.benchmarks.measure;

/**
 * One process of {@link DriverComparison} that is about its end: an application that ran for a moment says a last word,
 * and ends as applications do, telemetry first.
 */
public final class DriverEnd {

    static final String LAST_WORD = "ending";

    /** Said when the telemetry has been ended. */
    static final String CLOSED = "closed";

    private DriverEnd() {}

    /** Arguments: {@code none}, {@code ours} or {@code driver}; URL; number of cycles. */
    public static void main(String[] arguments) throws Exception {
        DriverSource source = DriverSource.of(arguments[0], arguments[1]);
        for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
            source.cycle();
        }
        System.out.println(LAST_WORD);
        System.out.flush();
        source.close();
        System.out.println(CLOSED);
        System.out.flush();
        // As when main returns: threads that are no daemons would keep the process alive.
    }
}
