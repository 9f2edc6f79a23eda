package io.github.databrickstelemetry.sample.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootVersion;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The POMs as they are published, which is all that Maven and Gradle read: there is no Gradle module metadata. */
class PublishedPomsTest {

    private static final Path ARCHITECTURE = Pages.ROOT.resolve("docs/architecture.md");

    /** A dependency as an application's build tool reads it. */
    private record Dependency(String group, String artifact, String version, String scope, boolean optional) {

        boolean isBrought() {
            return !optional && scope.equals("compile");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bom", "telemetry-core", "telemetry-spring-boot-starter", "workspace-stand-in"})
    void aPublishedPomStandsAloneAndSaysWhatARepositoryAsksFor(String module) {
        Document pom = pom(module);

        assertThat(children(pom.getDocumentElement(), "parent")).isEmpty();
        for (String required : List.of("name", "description", "url", "licenses", "developers", "scm")) {
            assertThat(children(pom.getDocumentElement(), required))
                    .as(required)
                    .hasSize(1);
        }
        assertThat(text(pom.getDocumentElement(), "url")).endsWith("/databricks-telemetry-spring-boot");
        assertThat(dependencies(pom)).allSatisfy(dependency -> {
            assertThat(dependency.version()).isNotEmpty();
            assertThat(dependency.scope()).isIn("compile", "provided");
        });
    }

    @Test
    void theBomHoldsThisProjectsArtifactsOnly() {
        Element management = children(pom("bom").getDocumentElement(), "dependencyManagement")
                .get(0);

        assertThat(dependencies(management))
                .extracting(Dependency::group, Dependency::artifact)
                .containsExactlyInAnyOrder(
                        ours("databricks-telemetry-core"),
                        ours("databricks-telemetry-spring-boot-starter"),
                        ours("databricks-workspace-stand-in"));
    }

    @Test
    void thePageListsEveryJarThatTheStarterBringsWithItsVersionOnThisLineOfSpringBoot() {
        List<List<String>> table = Pages.read(ARCHITECTURE)
                .lines()
                .dropWhile(line -> !line.startsWith("| jar |"))
                .takeWhile(line -> line.startsWith("|"))
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .toList();
        int column = column(table.get(0));

        Set<String> listed = new TreeSet<>();
        for (List<String> row : table.subList(2, table.size())) {
            String jar = row.get(1).replace("`", "");
            listed.add(jar);
            assertThat(jarsOnTheClassPath()).as(jar).contains(jar + "-" + row.get(column) + ".jar");
        }

        assertThat(listed)
                .containsAll(Stream.of("telemetry-core", "telemetry-spring-boot-starter")
                        .flatMap(module -> dependencies(pom(module)).stream())
                        .filter(Dependency::isBrought)
                        .map(Dependency::artifact)
                        .filter(artifact -> !artifact.startsWith("databricks-"))
                        .filter(artifact -> !Set.of("spring-boot-autoconfigure", "slf4j-api")
                                .contains(artifact))
                        .toList());
    }

    /** The column whose title is the line that this test runs on, such as "Spring Boot 4.0". */
    private static int column(List<String> titles) {
        String version = Objects.requireNonNull(SpringBootVersion.getVersion());
        int column = titles.indexOf("Spring Boot " + version.replaceFirst("^(\\d+\\.\\d+)\\..*", "$1"));
        assertThat(column).as("column for Spring Boot %s", version).isPositive();
        return column;
    }

    private static List<String> jarsOnTheClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry ->
                        Objects.requireNonNull(Path.of(entry).getFileName()).toString())
                .toList();
    }

    private static Tuple ours(String artifact) {
        return tuple("io.github.databrickstelemetry", artifact);
    }

    /** Written by every build of the module, and installed and published in place of the module's own. */
    private static Document pom(String module) {
        Path file = Pages.ROOT.resolve(module).resolve(".flattened-pom.xml");
        assumeTrue(Files.exists(file), module + " was not built, so its POM is not looked at");
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Dependency> dependencies(Document pom) {
        return dependencies(pom.getDocumentElement());
    }

    private static List<Dependency> dependencies(Element parent) {
        return children(parent, "dependencies").stream()
                .flatMap(list -> children(list, "dependency").stream())
                .map(dependency -> new Dependency(
                        text(dependency, "groupId"),
                        text(dependency, "artifactId"),
                        text(dependency, "version"),
                        text(dependency, "scope"),
                        text(dependency, "optional").equals("true")))
                .toList();
    }

    private static String text(Element parent, String name) {
        return children(parent, name).stream()
                .findFirst()
                .map(Element::getTextContent)
                .orElse("");
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
