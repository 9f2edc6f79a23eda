package io.github.databrickstelemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard asks for nothing that the meters over the real engine do not show to Prometheus. */
class GrafanaDashboardTest {

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(=~|=)\"([^\"]*)\"");
    private static final Pattern METRIC = Pattern.compile("(?:databricks_(?:sql|telemetry)|db_client)_[a-z_]+");
    private static final Pattern SELECTOR =
            Pattern.compile("((?:databricks_(?:sql|telemetry)|db_client)_[a-z_]+)\\{([^}]*)}");
    private static final Pattern GROUPING = Pattern.compile("by \\(([a-z_, ]+)\\)");
    private static final Pattern IN_LEGEND = Pattern.compile("\\{\\{([a-z_]+)}}");

    private final MeteredEngine metered = new MeteredEngine();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** By name and label, the values. */
    private final Map<String, Map<String, Set<String>>> shown = new HashMap<>();

    private JsonNode dashboard = new ObjectMapper().nullNode();

    @BeforeEach
    void readTheDashboardAndTheMeters() throws IOException {
        dashboard = new ObjectMapper()
                .readTree(Path.of("..", "docs", "grafana-dashboard.json").toFile());
        metered.serviceAnswers.complete(null);
        metered.binder.bindTo(registry);
        metered.work(metered.client("prod"));
        await().atMost(Duration.ofSeconds(30))
                .until(registry::scrape, text -> text.contains("error_type=\"java.sql.SQLException\""));
        Matcher samples = SAMPLE.matcher(registry.scrape());
        while (samples.find()) {
            Map<String, Set<String>> labels = shown.computeIfAbsent(samples.group(1), name -> new HashMap<>());
            Matcher label = LABEL.matcher(Objects.requireNonNullElse(samples.group(2), ""));
            while (label.find()) {
                labels.computeIfAbsent(label.group(1), name -> new HashSet<>()).add(label.group(3));
            }
        }
    }

    @AfterEach
    void close() {
        registry.close();
        metered.close();
    }

    @Test
    void asksForMetricsLabelsAndValuesThatExist() {
        assertThat(targets()).hasSizeGreaterThan(10).allSatisfy(target -> {
            String expression = target.path("expr").asText();
            Set<String> metrics = found(METRIC, expression);
            assertThat(metrics).isNotEmpty().isSubsetOf(shown.keySet());
            assertThat(found(SELECTOR, expression))
                    .as("each by its host or data source")
                    .containsAll(metrics.stream()
                            .filter(metric -> !variables(metric).isEmpty())
                            .toList());
            Matcher selector = SELECTOR.matcher(expression);
            while (selector.find()) {
                Map<String, Set<String>> labels = labels(selector.group(1));
                assertThat(selector.group(2)).contains(variables(selector.group(1)));
                Matcher label = LABEL.matcher(selector.group(2));
                while (label.find()) {
                    assertThat(labels).containsKey(label.group(1));
                    if (label.group(2).equals("=")) {
                        assertThat(labels.get(label.group(1))).contains(label.group(3));
                    }
                }
            }
            Set<String> groupings = groupings(expression);
            assertThat(metrics)
                    .allSatisfy(metric -> assertThat(labels(metric).keySet()).containsAll(groupings));
            assertThat(found(IN_LEGEND, target.path("legendFormat").asText()))
                    .as("what is not grouped by is gone")
                    .isEqualTo(groupings);
        });
    }

    @Test
    void showsEveryMeter() {
        Set<String> asked = new HashSet<>();
        targets()
                .forEach(
                        target -> asked.addAll(found(METRIC, target.path("expr").asText())));
        assertThat(meters(asked)).isEqualTo(meters(shown.keySet()));
    }

    /** Without what Prometheus appends for a counter, a summary or a histogram. */
    private static Set<String> meters(Set<String> metrics) {
        return metrics.stream()
                .map(metric -> metric.replaceFirst("_(?:count|sum|max|bucket|total)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** How a metric's selector names the dashboard's variables. */
    private List<String> variables(String metric) {
        List<String> variables = new ArrayList<>();
        if (labels(metric).containsKey("host")) {
            variables.add("host=~\"$host\"");
        }
        if (labels(metric).containsKey("databricks_data_source")) {
            variables.add("databricks_data_source=~\"$source\"");
        }
        return variables;
    }

    /** The bounds of a histogram are gone once its quantile is taken. */
    private static Set<String> groupings(String expression) {
        return found(GROUPING, expression).stream()
                .flatMap(labels -> Stream.of(labels.split(", ")))
                .filter(label -> !label.equals("le"))
                .collect(Collectors.toSet());
    }

    @Test
    void takesDataSourceAndHostFromVariables() {
        JsonNode variables = dashboard.path("templating").path("list");
        assertThat(variables).hasSize(3);
        assertThat(variables.path(0).path("type").asText()).isEqualTo("datasource");
        assertThat(variables.path(0).path("query").asText()).isEqualTo("prometheus");
        assertVariable(variables.path(1), "databricks_data_source");
        assertVariable(variables.path(2), "host");
        assertThat(dashboard.findValues("datasource"))
                .allSatisfy(source -> assertThat(source.path("uid").asText()).isEqualTo("${datasource}"));
    }

    private void assertVariable(JsonNode variable, String label) {
        String definition = variable.path("definition").asText();
        assertThat(found(METRIC, definition))
                .singleElement()
                .satisfies(metric -> assertThat(labels(metric)).containsKey(label));
        assertThat(definition).endsWith(", " + label + ")");
    }

    @Test
    void givesEveryPanelAPlaceAndAnIdOfItsOwn() {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            JsonNode place = panel.path("gridPos");
            assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    int column = place.path("x").asInt() + x;
                    int line = place.path("y").asInt() + y;
                    assertThat(cells.add(column + "/" + line))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
        }
    }

    private List<JsonNode> targets() {
        List<JsonNode> targets = new ArrayList<>();
        dashboard.path("panels").forEach(panel -> panel.path("targets").forEach(targets::add));
        return targets;
    }

    private Map<String, Set<String>> labels(String metric) {
        return shown.getOrDefault(metric, Map.of());
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new HashSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(Math.min(1, matcher.groupCount())));
        }
        return found;
    }
}
