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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/**
 * Start of an application without a starter that would observe it, with ours disabled and enabled, and with the peers', in
 * turns; then its first connection in the same way, as what the start leaves undone is done there.
 */
public final class StartUp {

    /** What they add is ten times as much as what ours does, and is found with fewer turns. */
    private static final int PEERS_EVERY = 10;

    /**
     * What the jars on the class path cost while telemetry is off is less than what the machine scatters by: of so many
     * copies of them it can be seen. What is done once for all of them, two classes and a few properties, hardly counts.
     */
    private static final int COPIES = 10;

    private static final int COPIES_EVERY = 2;

    /**
     * One of those that take turns.
     *
     * @param name as the document calls it
     * @param application which of the class paths that {@code benchmarks/start/pom.xml} describes it has
     * @param arguments what turns its telemetry on
     * @param every its turn comes every so many rounds
     * @param copies how often it has what the class path of the application alone has not
     */
    private record Variant(String name, String application, List<String> arguments, int every, int copies) {

        Variant(String name, String application, List<String> arguments, int every) {
            this(name, application, arguments, every, 1);
        }
    }

    private static final Variant ALONE = new Variant("without a starter", "alone", List.of(), 1);

    private static final List<Variant> VARIANTS = List.of(
            ALONE,
            new Variant("disabled", "telemetry", List.of(), 1),
            new Variant("disabled, " + COPIES + " copies of its jars", "telemetry", List.of(), COPIES_EVERY, COPIES),
            new Variant("enabled", "telemetry", List.of("--databricks.telemetry.enabled=true"), 1),
            new Variant("datasource-micrometer's starter", "datasource-micrometer", List.of(), PEERS_EVERY),
            new Variant("OpenTelemetry's starter", "opentelemetry", List.of(), PEERS_EVERY));

    private final Map<Variant, String> classPaths = new HashMap<>();
    private final Results results = new Results("start");
    private final Map<String, String> units = new LinkedHashMap<>();

    private StartUp(Path applications) throws IOException {
        Path directory = Files.createTempDirectory("start-up");
        directory.toFile().deleteOnExit();
        Packer packer = new Packer(directory);
        String application = packer.application();
        Map<String, List<String>> packed = new HashMap<>();
        for (Variant variant : VARIANTS) {
            if (!packed.containsKey(variant.application)) {
                String written = Files.readString(applications.resolve(variant.application + ".classpath"));
                packed.put(variant.application, packer.packed(written));
            }
            List<String> jars = new ArrayList<>(packed.getOrDefault(variant.application, List.of()));
            List<String> added = new ArrayList<>(jars);
            added.removeAll(packed.getOrDefault(ALONE.application, List.of()));
            for (int i = 1; i < variant.copies; i++) {
                jars.addAll(packer.copies(added));
            }
            jars.add(0, application);
            classPaths.put(variant, String.join(File.pathSeparator, jars));
        }
    }

    /**
     * The first argument says how many rounds there are, a sixth of that for the first connection; the second is the
     * directory with the class paths.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        StartUp startUp = new StartUp(Path.of(arguments[1]));
        try (CannedWorkspace workspace = new CannedWorkspace()) {
            startUp.measure(VARIANTS, rounds, workspace.jdbcUrl(), List.of());
            startUp.measure(
                    VARIANTS.stream().filter(variant -> variant.copies == 1).toList(),
                    Math.max(1, rounds / 6),
                    workspace.jdbcUrl(),
                    List.of(
                            "--" + StartUpApplication.CONNECT + "=true",
                            "--databricks.telemetry.export.allow-http=true",
                            "--databricks.telemetry.export.allow-private-hosts=true"));
        }
        startUp.results.write();
    }

    private void measure(List<Variant> all, int rounds, String url, List<String> more)
            throws IOException, InterruptedException {
        Map<String, Map<Variant, SortedMap<Integer, Double>>> measured = new LinkedHashMap<>();
        for (Variant variant : all) {
            // Only fills the file system's cache.
            start(variant, url, more);
        }
        List<Variant> variants = new ArrayList<>(all);
        Random random = new Random(1);
        for (int i = 0; i < rounds; i++) {
            Integer round = i;
            // Whatever the machine does at regular times must not always meet the same one.
            Collections.shuffle(variants, random);
            for (Variant variant : variants) {
                if (i % variant.every == 0) {
                    start(variant, url, more)
                            .forEach((what, value) -> measured.computeIfAbsent(what, name -> new HashMap<>())
                                    .computeIfAbsent(variant, name -> new TreeMap<>())
                                    .put(round, value));
                }
            }
        }
        measured.forEach((what, byVariant) -> report(all, what, byVariant));
    }

    private void report(List<Variant> all, String what, Map<Variant, SortedMap<Integer, Double>> byVariant) {
        String unit = units.getOrDefault(what, "");
        for (Variant variant : all) {
            double[] values = values(byVariant, variant, variant);
            Arrays.sort(values);
            results.add(
                    what,
                    variant.name,
                    values[values.length / 2],
                    values[values.length / 4],
                    values[values.length * 3 / 4],
                    unit);
        }
        if (unit.isEmpty()) {
            return;
        }
        for (Variant variant : all) {
            if (!variant.equals(ALONE)) {
                // Starts of one round meet the same machine.
                PairedSample rounds =
                        new PairedSample(values(byVariant, ALONE, variant), values(byVariant, variant, variant));
                add(what + ", added", variant, rounds.difference(), unit);
                add(what + ", added to the median", variant, rounds.differenceOfMedians(), unit);
            }
        }
    }

    private void add(String what, Variant variant, PairedSample.Estimate added, String unit) {
        results.add(
                what,
                variant.copies == 1 ? variant.name : variant.name + ", for each",
                added.value() / variant.copies,
                added.low() / variant.copies,
                added.high() / variant.copies,
                unit);
    }

    /** What one measured in the rounds in which another had its turn too. */
    private static double[] values(
            Map<Variant, SortedMap<Integer, Double>> byVariant, Variant variant, Variant another) {
        SortedMap<Integer, Double> none = Collections.emptySortedMap();
        SortedMap<Integer, Double> rounds = byVariant.getOrDefault(another, none);
        return byVariant.getOrDefault(variant, none).entrySet().stream()
                .filter(round -> rounds.containsKey(round.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .toArray();
    }

    /** What the application measured of itself. */
    private Map<String, Double> start(Variant variant, String url, List<String> more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-cp",
                classPaths.getOrDefault(variant, ""),
                StartUpApplication.class.getName(),
                "--spring.main.banner-mode=off",
                "--logging.level.root=off",
                "--spring.datasource.driver-class-name=com.databricks.client.jdbc.Driver",
                "--spring.datasource.url=" + url));
        command.addAll(variant.arguments);
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
            throw new IllegalStateException("The application did not start " + variant.name + ":\n" + said);
        }
        return numbers;
    }

    /**
     * Makes jars of directories, as applications have jars, and not compressed, as ours are. A directory at the front of
     * the class path would be asked for every class of the application first.
     */
    private record Packer(Path jars) {

        /** The application's own class. */
        String application() throws IOException {
            String name = StartUpApplication.class.getName().replace('.', '/') + ".class";
            String found = String.valueOf(StartUp.class.getClassLoader().getResource(name));
            Path classes = Path.of(URI.create(found.substring(0, found.length() - name.length())));
            return pack(classes, name);
        }

        List<String> packed(String classPath) throws IOException {
            List<String> entries = new ArrayList<>();
            for (String entry :
                    Pattern.compile(File.pathSeparator, Pattern.LITERAL).split(classPath.strip(), 0)) {
                entries.add(Files.isDirectory(Path.of(entry)) ? pack(Path.of(entry), ".") : entry);
            }
            return entries;
        }

        List<String> copies(List<String> originals) throws IOException {
            List<String> copies = new ArrayList<>();
            for (String original : originals) {
                Path jar = jar();
                Files.copy(Path.of(original), jar, StandardCopyOption.REPLACE_EXISTING);
                copies.add(jar.toString());
            }
            return copies;
        }

        private String pack(Path directory, String what) throws IOException {
            Path jar = jar();
            ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
            if (tool.run(
                            System.out,
                            System.err,
                            "--create",
                            "--no-compress",
                            "--file=" + jar,
                            "-C",
                            directory.toString(),
                            what)
                    != 0) {
                throw new IOException("Cannot pack " + directory);
            }
            return jar.toString();
        }

        private Path jar() throws IOException {
            Path jar = Files.createTempFile(jars, "packed", ".jar");
            jar.toFile().deleteOnExit();
            return jar;
        }
    }
}
