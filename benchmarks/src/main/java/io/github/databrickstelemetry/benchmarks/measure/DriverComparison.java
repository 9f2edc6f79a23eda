package io.github.databrickstelemetry.benchmarks.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.benchmarks.measure.CannedWorkspace.Endpoint;
import io.github.databrickstelemetry.benchmarks.measure.DriverCycles.Measured;
import io.github.databrickstelemetry.benchmarks.measure.DriverCycles.Pairs;
import io.github.databrickstelemetry.benchmarks.measure.DriverSource.Cycle;
import io.github.databrickstelemetry.config.EngineSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The real driver against a workspace on loopback: open, {@code SELECT 1}, close, each beside the same without
 * telemetry, for each state of the telemetry endpoint; and how long the application then takes to end. Every state
 * has processes of its own, in turns; the workspace is this process.
 */
public final class DriverComparison {

    /** Cycles of an application whose end is measured. */
    private static final String SHORT_LIFE = "40";

    /** How often the end of an application is measured in each turn. */
    private static final int ENDS = 3;

    /** An end that takes longer is measured only once. */
    private static final long LONG_END_MILLIS = 5_000;

    /** The shortest response time of a nearby warehouse. */
    private static final long THINK_MILLIS = 5;

    /** The prefix of results that were measured with this response time. */
    private static final String IN_TIME = "in time: ";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A process that takes longer to end is killed, and reported with this time. */
    private static final long PATIENCE_WITH_ENDS_SECONDS = 60;

    private static final long PATIENCE_SECONDS = 1_800;

    private DriverComparison() {}

    private record State(String telemetry, Endpoint endpoint) {
        String label() {
            return telemetry.equals("none") ? "none" : telemetry + ", " + endpoint;
        }
    }

    private interface Lines {
        void line(String line) throws IOException;
    }

    /**
     * Arguments: pairs to warm up with; pairs to measure; rounds of all states; pairs to measure with a
     * response time; which states (a regex).
     */
    public static void main(String[] arguments) throws Exception {
        String warmUp = arguments.length > 0 ? arguments[0] : "300";
        String pairs = arguments.length > 1 ? arguments[1] : "1500";
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2;
        String pairsInTime = arguments.length > 3 ? arguments[3] : "200";
        Predicate<String> wanted =
                Pattern.compile(arguments.length > 4 ? arguments[4] : ".*").asMatchPredicate();
        // Bare beside bare shows the error of the method.
        List<State> states = new ArrayList<>(List.of(new State("none", Endpoint.HEALTHY)));
        for (String telemetry : List.of("ours", "driver")) {
            for (Endpoint endpoint : Endpoint.values()) {
                states.add(new State(telemetry, endpoint));
            }
        }
        states.removeIf(state -> !wanted.test(state.label()));
        Map<State, List<Measured>> measured = new LinkedHashMap<>();
        Map<State, List<End>> ends = new LinkedHashMap<>();
        String think = Long.toString(THINK_MILLIS);
        try (CannedWorkspace workspace = new CannedWorkspace()) {
            for (int round = 0; round < rounds; round++) {
                for (State state : states) {
                    workspace.setEndpoint(state.endpoint);
                    measured.computeIfAbsent(state, key -> new ArrayList<>())
                            .add(measure(state.telemetry, workspace.jdbcUrl(), warmUp, pairs, think, pairsInTime));
                    List<End> endsOfState = ends.computeIfAbsent(state, key -> new ArrayList<>());
                    for (int i = 0; i < ENDS; i++) {
                        End end = end(workspace, state);
                        endsOfState.add(end);
                        if (!(end.gone <= LONG_END_MILLIS)) {
                            break;
                        }
                    }
                    System.out.println(
                            state.label() + ": " + workspace.telemetryRequests() + " telemetry requests so far");
                }
            }
        }
        Results results = new Results("driver");
        measured.forEach((state, all) -> {
            report(results, "", state, all.stream().map(Measured::atOnce).toList());
            report(results, IN_TIME, state, all.stream().map(Measured::inTime).toList());
        });
        ends.forEach((state, all) -> {
            end(results, "closing telemetry", state, all.stream().mapToDouble(End::closed));
            end(results, "end of the application", state, all.stream().mapToDouble(End::gone));
        });
        results.add("answers in time", "all", THINK_MILLIS, "ms");
        results.add(
                "close-timeout",
                "ours",
                (double) EngineSettings.DEFAULTS.closeTimeout().toMillis(),
                "ms");
        results.write();
        System.exit(0);
    }

    private static void end(Results results, String what, State state, DoubleStream each) {
        double[] millis = each.filter(Double::isFinite).sorted().toArray();
        if (millis.length > 0) {
            results.add(what, state.label(), PairedSample.median(millis), millis[0], millis[millis.length - 1], "ms");
        }
    }

    private static void report(Results results, String prefix, State state, List<Pairs> all) {
        Map<String, ToLongFunction<Cycle>> measures = new LinkedHashMap<>();
        measures.put("open", Cycle::open);
        measures.put("SELECT 1", Cycle::select);
        measures.put("close", Cycle::close);
        measures.put("whole cycle", Cycle::whole);
        measures.put("CPU of the calling thread", Cycle::cpu);
        measures.forEach((what, measure) -> {
            PairedSample sample = new PairedSample(
                    nanos(all.stream().map(Pairs::bare), measure),
                    nanos(all.stream().map(Pairs::instrumented), measure));
            PairedSample.Estimate ratio = sample.ratio();
            results.add(prefix + what + ", bare", state.label(), sample.medianOfFirst() / 1e6, "ms");
            results.add(prefix + what, state.label(), sample.medianOfSecond() / 1e6, "ms");
            results.add(prefix + what + ", ratio", state.label(), ratio.value(), ratio.low(), ratio.high(), "");
        });
    }

    private static double[] nanos(Stream<List<Cycle>> cycles, ToLongFunction<Cycle> measure) {
        return cycles.flatMap(List::stream).mapToDouble(measure::applyAsLong).toArray();
    }

    private static Measured measure(String... arguments) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        run(lines::add, PATIENCE_SECONDS, DriverCycles.class, arguments);
        String last =
                lines.stream().filter(line -> line.startsWith("{\"atOnce\"")).reduce("{}", (one, other) -> other);
        return MAPPER.readValue(last, Measured.class);
    }

    /** Milliseconds from the program's last line, which it prints before it ends the telemetry; NaN without that line. */
    private record End(double closed, double gone) {}

    private static End end(CannedWorkspace workspace, State state) throws IOException, InterruptedException {
        Map<String, Long> said = new HashMap<>();
        run(
                line -> said.put(line, System.nanoTime()),
                PATIENCE_WITH_ENDS_SECONDS,
                DriverEnd.class,
                state.telemetry,
                workspace.jdbcUrl(),
                SHORT_LIFE);
        long gone = System.nanoTime();
        Long lastWord = said.get(DriverEnd.LAST_WORD);
        if (lastWord == null) {
            return new End(Double.NaN, Double.NaN);
        }
        return new End((said.getOrDefault(DriverEnd.CLOSED, gone) - lastWord) / 1e6, (gone - lastWord) / 1e6);
    }

    private static void run(Lines lines, long patienceSeconds, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xms512m",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // The driver's own telemetry can keep a process for a quarter of an hour.
        AtomicBoolean killed = new AtomicBoolean();
        CompletableFuture.delayedExecutor(patienceSeconds, TimeUnit.SECONDS).execute(() -> {
            if (process.isAlive()) {
                killed.set(true);
                process.destroyForcibly();
            }
        });
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.line(line);
            }
        }
        if (process.waitFor() != 0 && !killed.get()) {
            throw new IllegalStateException(program.getSimpleName() + " ended with " + process.exitValue());
        }
    }
}
