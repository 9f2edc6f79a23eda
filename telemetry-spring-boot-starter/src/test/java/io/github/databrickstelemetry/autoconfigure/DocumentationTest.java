package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.properties.InvalidTelemetryPropertyException;
import io.github.databrickstelemetry.properties.Settings;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** README and docs, held against the code, so that they cannot drift. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z][a-z0-9.-]*)` \\| (.*?) \\| (.*?) \\| (.*) \\|$");
    private static final String EXCLUDE = "spring.autoconfigure.exclude";
    private static final Pattern RANGE = Pattern.compile("`(\\S+)` to `(\\S+)`");

    /** One fenced block of a page. */
    record Snippet(Path page, String language, String text) {
        @Override
        public String toString() {
            return ROOT.relativize(page) + ": " + text.lines().findFirst().orElse("");
        }
    }

    @Test
    void configurationPageHoldsEveryPropertyWithItsDefaultAndText() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/configuration.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && !row.group(1).startsWith("management.")) {
                documented.put(row.group(1), row.group(2) + " " + row.group(4));
            }
        }

        assertThat(documented).isEqualTo(fromMetadata());
    }

    @ParameterizedTest
    @MethodSource("documentedRanges")
    void whatThePageSaysIsAllowedIsWhatTheSettingsAllow(String property, String from, String to) {
        String proxy = "export.proxy.host=proxy.example.com";

        assertThatNoException()
                .isThrownBy(() -> Settings.settings(proxy, "export.proxy.port=1", property + "=" + from));
        assertThatNoException().isThrownBy(() -> Settings.settings(proxy, "export.proxy.port=1", property + "=" + to));
        assertThatExceptionOfType(InvalidTelemetryPropertyException.class)
                .isThrownBy(() -> Settings.settings(proxy, "export.proxy.port=1", property + "=-1"))
                .satisfies(failure ->
                        assertThat(failure.allowed()).isEqualTo("between " + inBytes(from) + " and " + inBytes(to)));
    }

    static List<Arguments> documentedRanges() throws IOException {
        List<Arguments> ranges = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/configuration.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Matcher range = RANGE.matcher(row.group(3));
                if (range.matches()) {
                    ranges.add(Arguments.of(row.group(1), range.group(1), range.group(2)));
                }
            }
        }
        assertThat(ranges).hasSizeGreaterThan(15);
        return ranges;
    }

    private static String inBytes(String size) {
        return size.endsWith("B") ? String.valueOf(DataSize.parse(size).toBytes()) : size;
    }

    @ParameterizedTest
    @MethodSource("configurationSnippets")
    void everyConfigurationSnippetBindsWithoutAnUnknownName(Snippet snippet) {
        Map<String, Object> source = new TreeMap<>();
        properties(snippet).forEach((name, value) -> source.put((String) name, placeholderFilled(value)));

        // A snippet may be all about Spring Boot's own properties.
        if (source.keySet().stream().noneMatch(name -> name.startsWith(TelemetryProperties.PREFIX))) {
            assertThat(source.keySet()).allMatch(name -> name.startsWith("management.") || name.equals(EXCLUDE));
            assertThat(StringUtils.commaDelimitedListToStringArray((String) source.get(EXCLUDE)))
                    .allMatch(name -> ClassUtils.isPresent(name, null));
            return;
        }

        TelemetryProperties bound = new Binder(new MapConfigurationPropertySource(source))
                .bind(
                        TelemetryProperties.PREFIX,
                        Bindable.of(TelemetryProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
                .orElseThrow(() -> new AssertionError("nothing under " + TelemetryProperties.PREFIX));

        assertThat(bound).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("configurationSnippets")
    void everyConfigurationSnippetStartsAnApplication(Snippet snippet) {
        List<String> values = new ArrayList<>();
        properties(snippet).forEach((name, value) -> values.add(name + "=" + placeholderFilled(value)));
        // Data sources that the snippets name.
        Contexts.enabled()
                .withPropertyValues(values.toArray(String[]::new))
                .withBean("reporting", javax.sql.DataSource.class, DocumentationTest::unusedDataSource)
                .withBean("legacy", javax.sql.DataSource.class, DocumentationTest::unusedDataSource)
                .withBean("lake", javax.sql.DataSource.class, DocumentationTest::unusedDataSource)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void javaOfTheDocumentationIsThatOfTheCompiledExamples() throws IOException {
        List<String> compiled = new ArrayList<>(lines(Files.readString(
                Path.of("src/test/java/io/github/databrickstelemetry/autoconfigure/DocumentedExamples.java"))));
        compiled.addAll(lines(Files.readString(ROOT.resolve(
                "sample-app/src/test/java/io/github/databrickstelemetry/sample/page/SecuredPageTest.java"))));
        List<Snippet> java = snippets().filter(s -> s.language().equals("java")).toList();

        assertThat(java)
                .isNotEmpty()
                .allSatisfy(snippet -> assertThat(compiled).containsSubsequence(lines(snippet.text())));
        assertThat(TelemetryClient.class).isPublic();
    }

    @Test
    void everyLinkBetweenPagesLeadsSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\((?!https?:)([^)#]+)(#[^)]*)?\\)");
        for (Path page : pages()) {
            Matcher matcher = link.matcher(Files.readString(page));
            while (matcher.find()) {
                Path target = Objects.requireNonNull(page.getParent()).resolve(matcher.group(1));
                assertThat(target).as("%s links to it", ROOT.relativize(page)).exists();
                if (matcher.group(2) != null) {
                    assertThat(anchors(target)).contains(matcher.group(2));
                }
            }
        }
    }

    @Test
    void everyJsonExampleParses() throws IOException {
        List<Snippet> json = snippets().filter(s -> s.language().equals("json")).toList();

        assertThat(json).isNotEmpty();
        for (Snippet snippet : json) {
            assertThat(new ObjectMapper().readTree(snippet.text()).isObject())
                    .as(snippet.toString())
                    .isTrue();
        }
    }

    /** As GitHub names headings. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> "#" + heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
                .toList();
    }

    static Stream<Snippet> configurationSnippets() throws IOException {
        return snippets()
                .filter(snippet -> snippet.language().equals("properties")
                        || snippet.language().equals("yaml"));
    }

    private static Stream<Snippet> snippets() throws IOException {
        Pattern fence = Pattern.compile("(?ms)^( *)```(\\w+)\\n(.*?)^ *```$");
        List<Snippet> found = new ArrayList<>();
        for (Path page : pages()) {
            Matcher matcher = fence.matcher(Files.readString(page));
            while (matcher.find()) {
                String text = matcher.group(3).replaceAll("(?m)^" + matcher.group(1), "");
                found.add(new Snippet(page, matcher.group(2), text));
            }
        }
        return found.stream();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                            docs.filter(page -> page.toString().endsWith(".md")))
                    .sorted()
                    .toList();
        }
    }

    private static Properties properties(Snippet snippet) {
        Properties properties = new Properties();
        if (snippet.language().equals("yaml")) {
            YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
            yaml.setResources(new ByteArrayResource(snippet.text().getBytes(StandardCharsets.UTF_8)));
            properties.putAll(Objects.requireNonNull(yaml.getObject()));
            return properties;
        }
        try {
            properties.load(new StringReader(snippet.text()));
            return properties;
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String placeholderFilled(Object value) {
        return value.toString().replaceAll("\\$\\{[A-Z_]+}", "from-the-environment");
    }

    private static javax.sql.DataSource unusedDataSource() {
        return new org.springframework.jdbc.datasource.SimpleDriverDataSource();
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static Map<String, String> fromMetadata() throws IOException {
        Map<String, String> properties = new TreeMap<>();
        try (InputStream in =
                TelemetryProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : new ObjectMapper().readTree(in).path("properties")) {
                String name = property.path("name").asText();
                if (name.startsWith(TelemetryProperties.PREFIX + ".")) {
                    properties.put(
                            name.substring(TelemetryProperties.PREFIX.length() + 1),
                            defaultOf(property) + " "
                                    + property.path("description").asText());
                }
            }
        }
        return properties;
    }

    private static String defaultOf(JsonNode property) {
        JsonNode value = property.path("defaultValue");
        if (value.isMissingNode()) {
            return "none";
        }
        if (!value.isArray()) {
            return "`" + value.asText() + "`";
        }
        List<String> elements = new ArrayList<>();
        value.forEach(element -> elements.add("`" + element.asText() + "`"));
        return String.join(", ", elements);
    }
}
