package io.github.databrickstelemetry.olderboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A build with an older Spring Boot resolves this library without a warning, because it keeps its own versions. The
 * application must start all the same.
 */
class OlderSpringBootTest {

    private static final Path JARS = Path.of("target/older-boot");
    private static final Pattern NEEDED = Pattern.compile(
            "(databricks-telemetry-core|slf4j-api|caffeine|jackson-\\w+|micrometer-(commons|observation)|spring-retry)-\\d.*jar");
    private static final List<String> ENABLED = List.of(
            "--databricks.telemetry.enabled=true",
            "--databricks.telemetry.data-sources.orders.host=adb-4242.7.azuredatabricks.net");

    @ParameterizedTest
    @CsvSource({"3.3.13, 6.1.21", "3.4.13, 6.2.15"})
    void anApplicationBelowSpringBoot35StartsAsWithoutThisLibrary(String boot, String framework) throws Exception {
        String result = run(Stream.concat(
                Stream.of("", "-autoconfigure").map(part -> JARS.resolve("spring-boot" + part + "-" + boot + ".jar")),
                Stream.of("core", "jcl", "beans", "context", "aop", "expression", "web")
                        .map(part -> JARS.resolve("spring-" + part + "-" + framework + ".jar"))));

        assertThat(result)
                .contains("Spring Boot " + boot + ": beans of this library 0, the data source is the application's");
    }

    @Test
    void theSameApplicationOnTheOldestSupportedLineIsInstrumented() throws Exception {
        assertThat(run(classPath().filter(OlderSpringBootTest::isSpring)))
                .containsPattern(
                        "Spring Boot 3\\.5\\.\\d+: beans of this library [1-9]\\d*, the data source is instrumented");
    }

    private static String run(Stream<Path> spring) throws IOException, InterruptedException {
        String path = Stream.concat(spring, classPath().filter(jar -> !isSpring(jar)))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                path,
                                OlderApplication.class.getName()),
                        ENABLED.stream())
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** This test's own class path without what an application brings: the code of this project, and what it needs. */
    private static Stream<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(entry -> Files.isDirectory(entry)
                        || isSpring(entry)
                        || NEEDED.matcher(name(entry)).matches());
    }

    private static boolean isSpring(Path entry) {
        return name(entry)
                .matches("spring-(boot|boot-autoconfigure|core|jcl|beans|context|aop|expression|web)-\\d.*jar");
    }

    private static String name(Path entry) {
        return entry.getFileName().toString();
    }
}
