package io.github.databrickstelemetry.benchmarks.measure;

import io.github.databrickstelemetry.benchmarks.start.StartUpApplication;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/**
 * The start and the first connection of a web application with the actuator: without a starter, with ours disabled and
 * enabled, and with the peers'. The variants take turns.
 */
public final class StartUp {

    /**
     * One variant.
     *
     * @param name as the report calls the variant
     * @param application the profile of {@code benchmarks/start/pom.xml} that has its class path
     * @param arguments what turns its telemetry on
     */
    private record Variant(String name, String application, List<String> arguments) {}

    private static final Variant ALONE = new Variant("without a starter", "alone", List.of());

    private static final List<Variant> VARIANTS = List.of(
            ALONE,
            new Variant("ours, disabled", "telemetry", List.of()),
            new Variant(
                    "ours",
                    "telemetry",
                    List.of(
                            "--databricks.telemetry.enabled=true",
                            "--databricks.telemetry.export.allow-http=true",
                            "--databricks.telemetry.export.allow-private-hosts=true")),
            new Variant("datasource-micrometer's starter", "datasource-micrometer", List.of()),
            new Variant("OpenTelemetry's starter", "opentelemetry", List.of()));

    private final Map<Variant, String> classPaths = new HashMap<>();

    private StartUp(Path applications) throws IOException {
        Path jars = Files.createTempDirectory("start-up");
        jars.toFile().deleteOnExit();
        String application = packApplication(jars);
        Map<String, String> packed = new HashMap<>();
        for (Variant variant : VARIANTS) {
            String classPath = packed.get(variant.application);
            if (classPath == null) {
                classPath = packed(jars, Files.readString(applications.resolve(variant.application + ".classpath")));
                packed.put(variant.application, classPath);
            }
            classPaths.put(variant, application + File.pathSeparator + classPath);
        }
    }

    /** Arguments: rounds to measure, and the directory with the class paths. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        StartUp startUp = new StartUp(Path.of(arguments[1]));
        Map<String, Map<Variant, double[]>> measured = new LinkedHashMap<>();
        try (CannedWorkspace workspace = new CannedWorkspace()) {
            for (Variant variant : VARIANTS) {
                // Fills the file system's cache.
                startUp.start(variant, workspace.jdbcUrl());
            }
            List<Variant> turns = new ArrayList<>(VARIANTS);
            Random random = new Random(1);
            for (int round = 0; round < rounds; round++) {
                // What the machine does at regular times must not always meet the same variant.
                Collections.shuffle(turns, random);
                for (Variant variant : turns) {
                    for (Map.Entry<String, Double> number :
                            startUp.start(variant, workspace.jdbcUrl()).entrySet()) {
                        measured.computeIfAbsent(number.getKey(), name -> new HashMap<>())
                                        .computeIfAbsent(variant, name -> new double[rounds])[round] =
                                number.getValue();
                    }
                }
            }
        }
        Results results = new Results("start");
        measured.forEach((what, numbers) -> report(results, what, numbers));
        results.write();
    }

    private static void report(Results results, String what, Map<Variant, double[]> numbers) {
        double[] none = new double[0];
        double[] alone = numbers.getOrDefault(ALONE, none);
        for (Variant variant : VARIANTS) {
            PairedSample rounds = new PairedSample(alone, numbers.getOrDefault(variant, none));
            results.add(what, variant.name, rounds.medianOfSecond(), "ms");
            if (!variant.equals(ALONE)) {
                // Starts of one round meet the same machine.
                PairedSample.Estimate added = rounds.difference();
                results.add(what + ", added", variant.name, added.value(), added.low(), added.high(), "ms");
            }
        }
    }

    /** The numbers that the application prints. */
    private Map<String, Double> start(Variant variant, String url) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-cp",
                classPaths.getOrDefault(variant, ""),
                StartUpApplication.class.getName(),
                "--server.port=0",
                "--management.endpoints.web.exposure.include=*",
                "--spring.main.banner-mode=off",
                "--logging.level.root=off",
                "--spring.datasource.driver-class-name=com.databricks.client.jdbc.Driver",
                "--spring.datasource.url=" + url));
        command.addAll(variant.arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Map<String, Double> numbers = new LinkedHashMap<>();
        StringBuilder printed = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                printed.append(line).append('\n');
                if (line.startsWith(StartUpApplication.MEASURED)) {
                    String number = line.substring(StartUpApplication.MEASURED.length());
                    int tab = number.indexOf('\t');
                    numbers.put(number.substring(tab + 1), Double.valueOf(number.substring(0, tab)));
                }
            }
        }
        if (process.waitFor() != 0 || numbers.isEmpty()) {
            throw new IllegalStateException("The application did not start " + variant.name + ":\n" + printed);
        }
        return numbers;
    }

    /** The jar of the application's own class. */
    private static String packApplication(Path jars) throws IOException {
        String name = StartUpApplication.class.getName().replace('.', '/') + ".class";
        String found = String.valueOf(StartUp.class.getClassLoader().getResource(name));
        return pack(jars, Path.of(URI.create(found.substring(0, found.length() - name.length()))), name);
    }

    /** The class path with jars in place of directories, as an application has jars. */
    private static String packed(Path jars, String classPath) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : Pattern.compile(File.pathSeparator, Pattern.LITERAL).split(classPath.strip(), 0)) {
            entries.add(Files.isDirectory(Path.of(entry)) ? pack(jars, Path.of(entry), ".") : entry);
        }
        return String.join(File.pathSeparator, entries);
    }

    private static String pack(Path jars, Path directory, String what) throws IOException {
        Path jar = Files.createTempFile(jars, "packed", ".jar");
        jar.toFile().deleteOnExit();
        ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
        int status = tool.run(System.out, System.err, "--create", "--file=" + jar, "-C", directory.toString(), what);
        if (status != 0) {
            throw new IOException("Cannot pack " + directory);
        }
        return jar.toString();
    }
}
