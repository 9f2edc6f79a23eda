package io.github.databrickstelemetry.sample.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The classes that the pictures and pages name are there. */
class DocumentedClassesTest {

    private static final Pattern IN_PICTURE = Pattern.compile(">([A-Z][a-z]+(?:[A-Z][a-z]+)+)<");
    private static final Pattern OURS =
            Pattern.compile("(?:Databricks)?Telemetry[A-Z]\\w+|MetricsAggregator|ExceptionClassifier|\\w+Test");

    @Test
    void everyClassInThePictureOfTheArchitectureIsThere() throws IOException {
        List<String> named = IN_PICTURE
                .matcher(Pages.read(Pages.ROOT.resolve("docs/images/architecture.svg")))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(named).contains("MetricsAggregator");
        assertThat(classes()).containsAll(named);
    }

    @Test
    void everyClassOfOursThatAPageNamesIsThere() throws IOException {
        Set<String> named = Pages.all()
                .flatMap(Pages::code)
                .filter(OURS.asMatchPredicate())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).contains("TelemetryListener");
        assertThat(classes()).containsAll(named);
    }

    private static Set<String> classes() throws IOException {
        Set<String> classes = new TreeSet<>();
        for (String module :
                List.of("telemetry-core", "telemetry-spring-boot-starter", "workspace-stand-in", "benchmarks")) {
            try (Stream<Path> files = Files.walk(Pages.ROOT.resolve(module).resolve("src"))) {
                files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> classes.add(name.replace(".java", "")));
            }
        }
        return classes;
    }
}
