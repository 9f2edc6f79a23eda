package io.github.databrickstelemetry.benchmarks.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.sample.workspace.EmbeddedWorkspace;
import io.github.databrickstelemetry.sample.workspace.EndpointMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The real driver against a workspace on loopback: open, {@code SELECT 1}, close, and what ending the application takes.
 * Every state runs in processes of its own, in turns, so that a disturbance of the machine meets all of them; the
 * workspace is this process.
 */
public final class DriverComparison {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private DriverComparison() {}

    private record State(String telemetry, EndpointMode endpoint) {
        String label() {
            return telemetry.equals("none") ? "none" : telemetry + ", " + endpoint;
        }
    }

    /** Arguments: the number of cycles of each process, and how often each state has its turn. */
    public static void main(String[] arguments) throws Exception {
        String cycles = arguments.length > 0 ? arguments[0] : "200";
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        List<State> states = new ArrayList<>(List.of(new State("none", EndpointMode.HEALTHY)));
        for (String telemetry : List.of("ours", "driver")) {
            for (EndpointMode mode : EndpointMode.values()) {
                states.add(new State(telemetry, mode));
            }
        }
        Map<State, Map<String, List<Double>>> measured = new LinkedHashMap<>();
        try (EmbeddedWorkspace workspace = EmbeddedWorkspace.start(0, 100)) {
            for (int round = 0; round < rounds; round++) {
                for (State state : states) {
                    workspace.telemetry().setMode(state.endpoint);
                    JsonNode numbers = child(workspace, state, cycles);
                    System.out.println(state.label() + ' ' + numbers);
                    numbers.forEachEntry((name, value) -> measured.computeIfAbsent(state, key -> new LinkedHashMap<>())
                            .computeIfAbsent(name, key -> new ArrayList<>())
                            .add(value.asDouble()));
                }
            }
        }
        Results results = new Results("driver");
        measured.forEach((state, numbers) -> numbers.forEach((name, values) -> {
            values.sort(null);
            results.add(name, state.label(), values.get(values.size() / 2), name.contains("CPU") ? "us" : "ms");
        }));
        results.write();
        System.exit(0);
    }

    private static JsonNode child(EmbeddedWorkspace workspace, State state, String cycles)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DriverCycles.class.getName(),
                        state.telemetry,
                        workspace.jdbcUrl(),
                        workspace.token(),
                        cycles)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String last = "{}";
        long said = System.nanoTime();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("{")) {
                    last = line;
                    said = System.nanoTime();
                }
            }
        }
        process.waitFor();
        JsonNode numbers = MAPPER.readTree(last);
        // From the last word of the program, spoken before it ends the telemetry, until the process is gone.
        ((com.fasterxml.jackson.databind.node.ObjectNode) numbers)
                .put("end of the application", (System.nanoTime() - said) / (double) TimeUnit.MILLISECONDS.toNanos(1));
        return numbers;
    }
}
