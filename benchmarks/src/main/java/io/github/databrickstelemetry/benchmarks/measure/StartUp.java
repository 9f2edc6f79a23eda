package io.github.databrickstelemetry.benchmarks.measure;

import io.github.databrickstelemetry.benchmarks.start.StartUpApplication;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** Start of an application without the starter, with it disabled, and with it enabled, in turns. */
public final class StartUp {

    private static final String[] NAMES = {
        "start", "CPU until started", "CPU of the starting thread", "classes loaded", "threads of telemetry"
    };
    private static final String[] UNITS = {"ms", "ms", "ms", "", ""};
    private static final int START = 0;
    private static final int STARTING_THREAD = 2;

    private StartUp() {}

    /** The first argument says how often each has its turn. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ClassPath classPath = ClassPath.packed();
        int starts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        Map<String, List<double[]>> measured = new LinkedHashMap<>();
        List<String> variants = new ArrayList<>(List.of("without the starter", "disabled", "enabled"));
        Random random = new Random(1);
        for (int i = -1; i < starts; i++) {
            // Whatever the machine does at regular times must not always meet the same one.
            Collections.shuffle(variants, random);
            for (String variant : variants) {
                double[] numbers = start(variant, classPath);
                // The first ones only fill the file system's cache.
                if (i >= 0) {
                    measured.computeIfAbsent(variant, key -> new ArrayList<>()).add(numbers);
                }
            }
        }
        Results results = new Results("start");
        for (String variant : List.of("without the starter", "disabled", "enabled")) {
            List<double[]> all = measured.getOrDefault(variant, List.of());
            for (int n = 0; n < NAMES.length; n++) {
                double[] values = column(all, n);
                Arrays.sort(values);
                results.add(
                        NAMES[n],
                        variant,
                        values[values.length / 2],
                        values[values.length / 4],
                        values[values.length * 3 / 4],
                        UNITS[n]);
            }
        }
        List<double[]> bare = measured.getOrDefault("without the starter", List.of());
        for (String variant : List.of("disabled", "enabled")) {
            List<double[]> with = measured.getOrDefault(variant, List.of());
            // Starts of one round meet the same machine, and are resampled together.
            for (int n : new int[] {START, STARTING_THREAD}) {
                PairedSample.Estimate added = new PairedSample(column(bare, n), column(with, n)).difference();
                results.add(NAMES[n] + ", added", variant, added.value(), added.low(), added.high(), UNITS[n]);
            }
        }
        results.write();
    }

    private static double[] column(List<double[]> rows, int n) {
        return rows.stream().mapToDouble(row -> row[n]).toArray();
    }

    private static double[] start(String variant, ClassPath classPath) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx256m",
                        "-cp",
                        variant.equals("without the starter")
                                ? classPath.application()
                                : classPath.application() + File.pathSeparator + classPath.starter(),
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

    /**
     * What an application has without the starter, and what the starter adds: as jars, as applications have them. A
     * directory at the front of the class path would be asked for every class of the application first.
     */
    private record ClassPath(String application, String starter) {

        /** The sample is left out, as it would start its workspace and be measured with the rest. */
        static ClassPath packed() throws IOException {
            Path jars = Files.createTempDirectory("start-up");
            jars.toFile().deleteOnExit();
            List<String> application = new ArrayList<>();
            List<String> starter = new ArrayList<>();
            for (String entry : Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                    .split(System.getProperty("java.class.path"), 0)) {
                if (!entry.contains("sample-app")) {
                    boolean ours = entry.contains("telemetry-core") || entry.contains("telemetry-spring-boot");
                    List<String> entries = ours ? starter : application;
                    entries.add(Files.isDirectory(Path.of(entry)) ? pack(entry, jars) : entry);
                }
            }
            return new ClassPath(
                    String.join(File.pathSeparator, application), String.join(File.pathSeparator, starter));
        }

        private static String pack(String directory, Path jars) throws IOException {
            Path jar = Files.createTempFile(jars, "packed", ".jar");
            jar.toFile().deleteOnExit();
            ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
            if (tool.run(System.out, System.err, "--create", "--file", jar.toString(), "-C", directory, ".") != 0) {
                throw new IOException("Cannot pack " + directory);
            }
            return jar.toString();
        }
    }
}
