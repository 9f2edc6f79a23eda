package io.github.databrickstelemetry.benchmarks.measure;

/**
 * One process of {@link DriverComparison} for the end: an application that ran for a moment prints a last line,
 * closes its telemetry, and ends.
 */
public final class DriverEnd {

    static final String LAST_WORD = "ending";

    /** Printed when the telemetry has closed. */
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
        // main returns, as in an application: threads that are no daemons would keep the process alive.
    }
}
