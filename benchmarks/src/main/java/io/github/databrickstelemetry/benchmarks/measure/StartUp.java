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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/**
 * Start of an application without the starter, with it disabled, and with it enabled, in turns; then its first connection
 * in the same way, as what the start leaves undone is done there.
 */
public final class StartUp {

    private static final String BARE = "without the starter";
    private static final String DISABLED = "disabled";
    private static final String ENABLED = "enabled";
    private static final List<String> VARIANTS = List.of(BARE, DISABLED, ENABLED);

    private final ClassPath classPath = ClassPath.packed();
    private final Results results = new Results("start");
    private final Map<String, String> units = new LinkedHashMap<>();

    private StartUp() throws IOException {}

    /** The first argument says how often each has its turn; half as often for the first connection. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int turns = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        StartUp startUp = new StartUp();
        startUp.measure(
                turns,
                "jdbc:databricks://workspace.example.com:443/default;AuthMech=3;UID=token;PWD=none"
                        + ";httpPath=/sql/1.0/warehouses/abc123",
                List.of());
        try (CannedWorkspace workspace = new CannedWorkspace()) {
            startUp.measure(
                    Math.max(1, turns / 2),
                    workspace.jdbcUrl(),
                    List.of(
                            "--" + StartUpApplication.CONNECT + "=true",
                            "--databricks.telemetry.export.allow-http=true",
                            "--databricks.telemetry.export.allow-private-hosts=true"));
        }
        startUp.results.write();
    }

    private void measure(int turns, String url, List<String> more) throws IOException, InterruptedException {
        Map<String, Map<String, List<Double>>> measured = new LinkedHashMap<>();
        List<String> variants = new ArrayList<>(VARIANTS);
        Random random = new Random(1);
        for (int i = -1; i < turns; i++) {
            // Whatever the machine does at regular times must not always meet the same one.
            Collections.shuffle(variants, random);
            for (String variant : variants) {
                Map<String, Double> numbers = start(variant, url, more);
                // The first ones only fill the file system's cache.
                if (i >= 0) {
                    numbers.forEach((what, value) -> measured.computeIfAbsent(what, key -> new HashMap<>())
                            .computeIfAbsent(variant, key -> new ArrayList<>())
                            .add(value));
                }
            }
        }
        measured.forEach(this::report);
    }

    private void report(String what, Map<String, List<Double>> byVariant) {
        String unit = units.getOrDefault(what, "");
        for (String variant : VARIANTS) {
            double[] values = column(byVariant, variant);
            Arrays.sort(values);
            results.add(
                    what,
                    variant,
                    values[values.length / 2],
                    values[values.length / 4],
                    values[values.length * 3 / 4],
                    unit);
        }
        if (unit.isEmpty()) {
            return;
        }
        for (String variant : List.of(DISABLED, ENABLED)) {
            // Starts of one turn meet the same machine, and are resampled together.
            PairedSample.Estimate added =
                    new PairedSample(column(byVariant, BARE), column(byVariant, variant)).difference();
            results.add(what + ", added", variant, added.value(), added.low(), added.high(), unit);
        }
    }

    private static double[] column(Map<String, List<Double>> byVariant, String variant) {
        return byVariant.getOrDefault(variant, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** What the application measured of itself. */
    private Map<String, Double> start(String variant, String url, List<String> more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-cp",
                variant.equals(BARE)
                        ? classPath.application()
                        : classPath.application() + File.pathSeparator + classPath.starter(),
                StartUpApplication.class.getName(),
                "--spring.main.banner-mode=off",
                "--logging.level.root=off",
                "--spring.datasource.driver-class-name=com.databricks.client.jdbc.Driver",
                "--spring.datasource.url=" + url,
                "--databricks.telemetry.enabled=" + variant.equals(ENABLED)));
        command.addAll(more);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Map<String, Double> numbers = new LinkedHashMap<>();
        StringBuilder said = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith(StartUpApplication.MEASURED)) {
                    Scanner words = new Scanner(line.substring(StartUpApplication.MEASURED.length()));
                    words.useDelimiter("\t");
                    double value = words.nextLong();
                    String what = words.next();
                    units.put(what, words.hasNext() ? words.next() : "");
                    numbers.put(what, value);
                }
            }
        }
        if (process.waitFor() != 0 || numbers.isEmpty()) {
            throw new IllegalStateException("The application did not start " + variant + ":\n" + said);
        }
        return numbers;
    }

    /**
     * What an application has without the starter, and what the starter adds: as jars, as applications have them, and
     * not compressed, as the starter's are. A directory at the front of the class path would be asked for every class of
     * the application first.
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
            if (tool.run(System.out, System.err, "--create", "--no-compress", "--file=" + jar, "-C", directory, ".")
                    != 0) {
                throw new IOException("Cannot pack " + directory);
            }
            return jar.toString();
        }
    }
}
