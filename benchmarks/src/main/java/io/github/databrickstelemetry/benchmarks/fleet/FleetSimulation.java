package io.github.databrickstelemetry.benchmarks.fleet;

import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.benchmarks.fleet.FleetServer.Fault;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.engine.internal.FleetApplication;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Many applications that start within a second, a workspace that fails for five minutes, and what their requests are for
 * it. The applications share nothing but the workspace, whose responses depend on the time only, so each is simulated for
 * itself.
 */
public final class FleetSimulation {

    private static final Duration FAULT_FROM = Duration.ofMinutes(5);
    private static final Duration FAULT_TO = Duration.ofMinutes(10);
    private static final Duration END = Duration.ofMinutes(17);

    /** The breakers need this long to open: the first failed flush of each application comes within an interval. */
    private static final Duration UNTIL_OPEN = Duration.ofSeconds(75);

    private FleetSimulation() {}

    /** Requests a second, in percent of the number of applications, unless said otherwise. */
    record Result(
            double startPeak,
            double steadyMean,
            double faultFirstPeak,
            double faultPeak,
            double faultMean,
            double recoveryPeak,
            double refreshPeak,
            long recoveredSeconds) {}

    /** Our defaults. */
    static ClientSettings ours() {
        return ClientSettings.DEFAULTS;
    }

    /** The first plan's defaults: 100 metrics or five seconds. */
    static ClientSettings plan() {
        ClientSettings ours = ours();
        return new ClientSettings(
                ours.authenticatedExport(),
                100,
                Duration.ofSeconds(5),
                ours.maxPending(),
                ours.maxInFlightStatements(),
                ours.maxErrorsPerStatement(),
                ours.statementTtl(),
                ours.errorDetail(),
                ours.export(),
                ours.circuitBreaker(),
                ours.featureFlag());
    }

    static Result run(int applications, ClientSettings settings, Fault fault) {
        FleetServer server = new FleetServer(fault, FAULT_FROM, FAULT_TO, END);
        TelemetryTarget target = Engines.target("workspace.example.com", 1, new Token(), settings);
        long[] recovered = new long[applications];
        for (int i = 0; i < applications; i++) {
            Random random = new Random(i);
            FleetApplication application = new FleetApplication(server, target, random.nextLong(1_000_000_000), random);
            application.run(END.toNanos());
            long at = application.recoveredAtNanos();
            recovered[i] = at < 0 ? Long.MAX_VALUE : at - FAULT_TO.toNanos();
        }
        Arrays.sort(recovered);
        double percent = 100.0 / applications;
        Duration open = FAULT_FROM.plus(UNTIL_OPEN);
        Duration settled = FAULT_TO.plusMinutes(3);
        return new Result(
                percent * server.peak(Duration.ZERO, Duration.ofSeconds(60)),
                percent * server.mean(Duration.ofSeconds(60), FAULT_FROM),
                percent * server.peak(FAULT_FROM, open),
                percent * server.peak(open, FAULT_TO),
                percent * server.mean(open, FAULT_TO),
                percent * server.peak(FAULT_TO, settled),
                percent * server.peak(settled, END),
                Duration.ofNanos(recovered[(int) Math.ceil(applications * 0.99) - 1])
                        .toSeconds());
    }

    /** {@code FleetSimulation [applications] [directory]}. */
    public static void main(String[] args) throws IOException {
        int applications = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        Path directory = Path.of(args.length > 1 ? args[1] : "results");
        List<String> lines = new ArrayList<>();
        lines.add(applications + " applications start within one second and run a statement every 5 s.");
        lines.add("The workspace fails from minute 5 to minute 10: telemetry and flag service alike.");
        lines.add("Requests a second, flags included, in percent of the applications (1.0 = " + applications / 100
                + " requests a second).");
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%-10s %-22s %7s %7s %9s %9s %9s %9s %9s %8s",
                "settings",
                "fault",
                "start",
                "steady",
                "fault",
                "fault",
                "fault",
                "recovery",
                "after",
                "99 %"));
        lines.add(String.format(
                Locale.ROOT,
                "%-10s %-22s %7s %7s %9s %9s %9s %9s %9s %8s",
                "",
                "",
                "peak",
                "mean",
                "<75s peak",
                ">75s peak",
                ">75s mean",
                "peak",
                "peak",
                "after s"));
        for (boolean ours : new boolean[] {true, false}) {
            for (Fault fault : Fault.values()) {
                Result result = run(applications, ours ? ours() : plan(), fault);
                lines.add(String.format(
                        Locale.ROOT,
                        "%-10s %-22s %7.2f %7.2f %9.2f %9.2f %9.2f %9.2f %9.2f %8d",
                        ours ? "200 / 30 s" : "100 / 5 s",
                        fault.text,
                        result.startPeak,
                        result.steadyMean,
                        result.faultFirstPeak,
                        result.faultPeak,
                        result.faultMean,
                        result.recoveryPeak,
                        result.refreshPeak,
                        result.recoveredSeconds));
            }
        }
        Files.createDirectories(directory);
        Path file = directory.resolve("fleet-" + LocalDate.now(ZoneOffset.UTC) + ".txt");
        Files.write(file, lines);
        lines.forEach(System.out::println);
    }

    private static final class Token implements CredentialSource {
        @Override
        public String identity() {
            return "fleet";
        }

        @Override
        public String authorization() {
            return "Bearer fleet";
        }
    }
}
