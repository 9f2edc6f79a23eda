package io.github.databrickstelemetry.benchmarks.measure;

import io.github.databrickstelemetry.benchmarks.start.StartUpApplication;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Start of an application without the starter, with it disabled, and with it enabled, in turns. */
public final class StartUp {

    private static final String[] NAMES = {
        "start", "CPU until started", "CPU of the starting thread", "classes loaded", "threads of telemetry"
    };
    private static final String[] UNITS = {"ms", "ms", "ms", "", ""};

    private StartUp() {}

    /** The first argument says how often each has its turn. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int starts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        Map<String, List<double[]>> measured = new LinkedHashMap<>();
        for (int i = -1; i < starts; i++) {
            for (String variant : List.of("without the starter", "disabled", "enabled")) {
                double[] numbers = start(variant);
                // The first ones only fill the file system's cache.
                if (i >= 0) {
                    measured.computeIfAbsent(variant, key -> new ArrayList<>()).add(numbers);
                }
            }
        }
        Results results = new Results("start");
        measured.forEach((variant, all) -> {
            for (int n = 0; n < NAMES.length; n++) {
                int column = n;
                double[] values =
                        all.stream().mapToDouble(row -> row[column]).sorted().toArray();
                results.add(
                        NAMES[n],
                        variant,
                        values[values.length / 2],
                        values[values.length / 4],
                        values[values.length * 3 / 4],
                        UNITS[n]);
            }
        });
        for (String variant : List.of("disabled", "enabled")) {
            // Starts of one round meet the same machine, so that their difference says more than that of the medians.
            double[] added = new double[starts];
            for (int i = 0; i < starts; i++) {
                added[i] = measured.getOrDefault(variant, List.of()).get(i)[0]
                        - measured.getOrDefault("without the starter", List.of())
                                .get(i)[0];
            }
            Arrays.sort(added);
            results.add("start, added", variant, added[starts / 2], added[starts / 4], added[starts * 3 / 4], "ms");
        }
        results.write();
    }

    private static double[] start(String variant) throws IOException, InterruptedException {
        // The sample would start its workspace, and be measured with the rest.
        String classPath = without("sample-app", System.getProperty("java.class.path"));
        if (variant.equals("without the starter")) {
            classPath = without("telemetry-core", without("telemetry-spring-boot", classPath));
        }
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx256m",
                        "-cp",
                        classPath,
                        StartUpApplication.class.getName(),
                        "--spring.main.banner-mode=off",
                        "--logging.level.root=off",
                        "--spring.datasource.driver-class-name=com.databricks.client.jdbc.Driver",
                        "--spring.datasource.url=jdbc:databricks://workspace.example.com:443/default;AuthMech=3;UID=token;"
                                + "PWD=none;httpPath=/sql/1.0/warehouses/abc123",
                        "--databricks.telemetry.enabled=" + variant.equals("enabled"))
                .redirectErrorStream(true)
                .start();
        double[] numbers = new double[NAMES.length];
        StringBuilder said = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith("READY ")) {
                    Scanner words = new Scanner(line.substring("READY ".length()));
                    for (int i = 0; i < numbers.length; i++) {
                        numbers[i] = words.nextLong();
                    }
                }
            }
        }
        if (process.waitFor() != 0 || numbers[0] == 0) {
            throw new IllegalStateException("The application did not start " + variant + ":\n" + said);
        }
        return numbers;
    }

    private static String without(String module, String classPath) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(classPath)
                .filter(entry -> !entry.contains(module))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
