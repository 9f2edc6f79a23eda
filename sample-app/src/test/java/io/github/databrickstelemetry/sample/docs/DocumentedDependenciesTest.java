package io.github.databrickstelemetry.sample.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;

/** What the README tells an application to depend on. */
class DocumentedDependenciesTest {

    private static final Path README = Pages.ROOT.resolve("README.md");
    private static final Pattern GRADLE = Pattern.compile("implementation\\(\"([^\"]+)\"\\)");
    private static final Pattern STARTER =
            Pattern.compile("(?:org\\.springframework\\.boot:)?(spring-boot-starter-[a-z]+)");

    @Test
    void dependencyOfTheReadmeIsWhatThisBuildMakes() {
        String pom = Pages.read(Pages.ROOT.resolve("pom.xml"));
        String readme = Pages.read(Pages.ROOT.resolve("README.md"));

        for (String element : List.of("groupId", "version")) {
            assertThat(element(readme, element)).isEqualTo(element(pom, element));
        }
        assertThat(Pages.ROOT.resolve("telemetry-spring-boot-starter").resolve("pom.xml"))
                .content()
                .contains("<artifactId>" + element(readme, "artifactId") + "</artifactId>");
    }

    @Test
    void gradleDependenciesOfTheReadmeAreThoseForMaven() {
        String readme = Pages.read(Pages.ROOT.resolve("README.md"));
        List<String> gradle = Pages.blocks(Pages.ROOT.resolve("README.md")).stream()
                .filter(block -> block.language().equals("kotlin"))
                .flatMap(block -> GRADLE.matcher(block.text()).results())
                .map(match -> match.group(1))
                .toList();

        assertThat(gradle)
                .containsExactly(
                        element(readme, "groupId") + ":" + element(readme, "artifactId") + ":"
                                + element(readme, "version"),
                        "com.databricks:databricks-jdbc:"
                                + element(Pages.read(Pages.ROOT.resolve("pom.xml")), "databricks-jdbc.version"));
    }

    private static String element(String xml, String name) {
        Matcher matcher = Pattern.compile("<" + name + ">(.*?)</").matcher(xml);
        assertThat(matcher.find()).as(name).isTrue();
        return matcher.group(1);
    }

    @Test
    void theComparisonNamesTheVersionsThatTheBenchmarksRunWith() {
        String benchmarks = Pages.read(Pages.ROOT.resolve("benchmarks/pom.xml"));
        String pom = Pages.read(Pages.ROOT.resolve("pom.xml"));

        assertThat(Pages.read(README).lines().filter(line -> line.startsWith("| | this, ")))
                .singleElement()
                .asString()
                .contains(
                        "this, " + element(pom, "version").replace("-SNAPSHOT", ""),
                        "telemetry, " + element(pom, "databricks-jdbc.version"),
                        "datasource-micrometer " + element(benchmarks, "datasource-micrometer.version"),
                        "OpenTelemetry JDBC "
                                + element(benchmarks, "opentelemetry-jdbc.version")
                                        .replace("-alpha", ""));
    }

    /** Spring Boot 4 has renamed many, and has some that Spring Boot 3.5 lacks. */
    @Test
    void everyStarterThatTheReadmeNamesIsOneOfSpringBoots() throws IOException {
        String boot = Objects.requireNonNull(SpringBootVersion.getVersion());
        Path managed = Build.localRepository()
                .resolve("org/springframework/boot/spring-boot-dependencies")
                .resolve(boot)
                .resolve("spring-boot-dependencies-" + boot + ".pom");
        assumeTrue(Files.exists(managed), "Maven keeps its files elsewhere, so no starter is looked up");
        String dependencies = Files.readString(managed);
        List<String> named = Pages.code(README)
                .map(STARTER::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .distinct()
                .toList();

        assertThat(named)
                .contains("spring-boot-starter-jdbc", "spring-boot-starter-opentelemetry")
                .filteredOn(name -> !(boot.startsWith("3.") && name.equals("spring-boot-starter-opentelemetry")))
                .allSatisfy(name -> assertThat(dependencies).contains("<artifactId>" + name + "</artifactId>"));
    }
}
