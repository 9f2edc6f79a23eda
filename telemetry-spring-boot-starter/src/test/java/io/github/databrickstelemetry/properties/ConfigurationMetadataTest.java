package io.github.databrickstelemetry.properties;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.config.EngineSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The metadata that editors show: made from the Javadoc, completed by hand, and therefore compared with the code. */
class ConfigurationMetadataTest {

    private final JsonNode metadata = read();

    @Test
    void theDefaultsThatItShowsAreThoseOfTheEngine() {
        List<String> assignments = new ArrayList<>();
        properties().forEach((name, property) -> {
            JsonNode shown = property.path("defaultValue");
            if (!shown.isMissingNode()) {
                assignments.add(name + "=" + text(shown));
            }
        });

        TelemetrySettings settings = Settings.settings(assignments.toArray(String[]::new));

        assertThat(assignments).hasSizeGreaterThan(30);
        assertThat(settings.engine()).isEqualTo(EngineSettings.DEFAULTS);
        assertThat(settings.common()).isEqualTo(Settings.DEFAULT_HOST);
    }

    @Test
    void everyPropertyIsDescribedInASentence() {
        assertThat(properties())
                .allSatisfy((name, property) -> assertThat(
                                property.path("description").asText())
                        .as(name)
                        .matches("(?s)[A-Z].{10,}[.]"));
    }

    @Test
    void everyPropertyWithADefaultShowsIt() {
        List<String> without = List.of(
                "data-sources",
                "hosts",
                "query-tags",
                "query-tags-from",
                "export.headers",
                "export.user-agent-entry",
                "export.ssl-bundle",
                "export.proxy.host",
                "export.proxy.port",
                "export.proxy.user",
                "export.proxy.password",
                "export.proxy.ignored",
                "export.proxy.system",
                "feature-flag.override");

        properties()
                .forEach((name, property) ->
                        assertThat(property.has("defaultValue")).as(name).isEqualTo(!without.contains(name)));
        assertThat(properties()).containsKeys(without.toArray(String[]::new));
    }

    @Test
    void noPropertyIsDeprecated() {
        assertThat(metadata.path("properties"))
                .isNotEmpty()
                .noneMatch(property -> property.has("deprecation") || property.has("deprecated"));
    }

    @Test
    void theValuesOfEveryEnumAreExplained() {
        List<String> hinted = new ArrayList<>();
        metadata.path("hints").forEach(hint -> hinted.add(hint.path("name").asText()));

        properties().forEach((name, property) -> {
            String type = property.path("type").asText();
            if (type.startsWith("io.github") || type.startsWith("java.util.List<io.github")) {
                assertThat(hinted).contains(TelemetryProperties.PREFIX + "." + name);
            }
        });
    }

    @Test
    void everyDurationHasExamplesThatIncludeItsDefaultAndTakesOthers() {
        Map<String, JsonNode> hints = new LinkedHashMap<>();
        metadata.path("hints").forEach(hint -> hints.put(hint.path("name").asText(), hint));

        Map<String, JsonNode> durations = new LinkedHashMap<>(properties());
        durations.values().removeIf(property -> !property.path("type").asText().equals("java.time.Duration"));

        assertThat(durations).hasSizeGreaterThan(5).allSatisfy((name, property) -> {
            JsonNode hint = Objects.requireNonNull(hints.get(TelemetryProperties.PREFIX + "." + name), name);
            assertThat(hint.path("values").findValuesAsText("value"))
                    .hasSizeGreaterThan(1)
                    .contains(property.path("defaultValue").asText());
            assertThat(hint.path("providers").findValuesAsText("name")).containsExactly("any");
        });
    }

    /** A list of completions shows the text without its group: "Whether it is asked at all." says nothing there. */
    @Test
    void everyTextStandsAlone() {
        assertThat(properties())
                .allSatisfy((name, property) -> assertThat(
                                property.path("description").asText())
                        .as(name)
                        .doesNotContainPattern("(?i)^(whether )?(it|they|this|that|these|its|the same)\\b"));
    }

    @Test
    void everyExampleIsExplained() {
        assertThat(metadata.path("hints"))
                .allSatisfy(hint -> assertThat(hint.path("values"))
                        .allSatisfy(
                                value -> assertThat(value.path("description").asText())
                                        .as(
                                                "%s: %s",
                                                hint.path("name").asText(),
                                                value.path("value").asText())
                                        .matches("[A-Z].*[.]")));
    }

    @Test
    void everyHintBelongsToAProperty() {
        assertThat(metadata.path("hints"))
                .isNotEmpty()
                .allSatisfy(hint -> assertThat(properties())
                        .containsKey(hint.path("name")
                                .asText()
                                .replaceAll("\\.(keys|values)$", "")
                                .substring(TelemetryProperties.PREFIX.length() + 1)));
    }

    private Map<String, JsonNode> properties() {
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        for (JsonNode property : metadata.path("properties")) {
            String name = property.path("name").asText();
            if (name.startsWith(TelemetryProperties.PREFIX + ".")) {
                properties.put(name.substring(TelemetryProperties.PREFIX.length() + 1), property);
            }
        }
        return properties;
    }

    private static String text(JsonNode shown) {
        if (!shown.isArray()) {
            return shown.asText();
        }
        List<String> elements = new ArrayList<>();
        shown.forEach(element -> elements.add(element.asText()));
        return String.join(",", elements);
    }

    private static JsonNode read() {
        try (InputStream in =
                TelemetryProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            // Other jars have such a file as well; the classes directory of this module comes first.
            return new ObjectMapper().readTree(in);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
