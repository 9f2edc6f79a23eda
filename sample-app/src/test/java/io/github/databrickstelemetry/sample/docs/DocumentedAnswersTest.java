package io.github.databrickstelemetry.sample.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import io.github.databrickstelemetry.sample.RunningSample;
import io.github.databrickstelemetry.standin.ServiceMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The answers, fields, values and meters that the pages show or name are those of the running sample. */
class DocumentedAnswersTest {

    /** The statement log, which is named like a meter. */
    private static final String LOGGER = "databricks.sql.statement";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TROUBLESHOOTING = Pages.ROOT.resolve("docs/troubleshooting.md");
    private static final Pattern NAME =
            Pattern.compile("(databricks\\.(?:telemetry|sql)\\.[\\w.<> -]+?)(?:\\.|\\.\\*|=.*)?");
    private static final Pattern METER_AND_TAG =
            Pattern.compile("`(databricks\\.[a-z.]+)`(?:,? by|[^.`|]*\\stag)\\s`([a-z]+)`");
    private static final Pattern PROPERTY = Pattern.compile("(?m)^\\| `([a-z][\\w.<>*-]+)` \\|");
    private static final Pattern VALUE = Pattern.compile("[A-Z]+(_[A-Z]+)*");
    private static final Pattern FIELD = Pattern.compile("[a-z][a-zA-Z]*(\\.[a-zA-Z]+)*");

    private static RunningSample sample;
    private static JsonNode endpointWhileAllIsWell;

    @BeforeAll
    static void breakTheTelemetryService() {
        sample = RunningSample.start("--databricks.telemetry.circuit-breaker.failure-threshold=2");
        sample.get("/trips/top");
        // The pool opens its second connection by itself.
        await().atMost(RunningSample.PATIENCE).untilAsserted(() -> {
            assertThat(sample.statementsReported()).containsAll(sample.statementsRun());
            assertThat(sample.health().path("pending").asInt()).isZero();
        });
        endpointWhileAllIsWell = sample.json("/actuator/databrickstelemetry");
        sample.workspace().telemetry().setMode(ServiceMode.ERROR);
        await().atMost(RunningSample.PATIENCE).until(() -> {
            sample.get("/trips/top");
            return sample.breaker().equals("OPEN")
                    && sample.health().path("pending").asInt() > 0;
        });
    }

    @AfterAll
    static void stop() {
        sample.close();
    }

    @Test
    void everyAnswerShownIsWhatTheApplicationAnswers() throws Exception {
        Map<String, JsonNode> really = Map.of(
                "health of telemetry during an outage",
                sample.json("/actuator/health").path("components").path("databricksTelemetry"),
                "endpoint while all is well",
                endpointWhileAllIsWell);
        List<Pages.Block> answers = Pages.blocks(TROUBLESHOOTING).stream()
                .filter(block -> block.language().equals("json"))
                .toList();

        assertThat(answers).extracting(Pages.Block::answerOf).containsExactlyInAnyOrderElementsOf(really.keySet());
        for (Pages.Block answer : answers) {
            assertThat(shape(JSON.readTree(answer.text())))
                    .as(answer.answerOf())
                    .isEqualTo(shape(Objects.requireNonNull(really.get(answer.answerOf()))));
        }
    }

    @Test
    void everyFieldNamedInTheFirstColumnIsInTheAnswer() throws Exception {
        JsonNode answer = sample.json("/actuator/databrickstelemetry");

        assertThat(rows(TROUBLESHOOTING)
                        .filter(FIELD.asMatchPredicate().and(field -> !field.contains("_")))
                        .distinct())
                .filteredOn(field -> Stream.of(DropReason.values())
                        .noneMatch(reason -> reason.text().equals(field)))
                .contains("dataSources", "featureFlag.status")
                .allSatisfy(field -> {
                    String[] parts = field.split("\\.", -1);
                    JsonNode found = answer.findPath(parts[0]);
                    for (int i = 1; i < parts.length; i++) {
                        found = found.path(parts[i]);
                    }
                    assertThat(found.isMissingNode()).as(field).isFalse();
                });
    }

    @Test
    void everyValueInCapitalsIsOneThatCanBeAnswered() {
        Set<String> values = Stream.of(
                        ClientStatus.values(),
                        FlagStatus.values(),
                        BreakerState.values(),
                        Instrumentation.values(),
                        DriverTelemetry.values())
                .flatMap(Stream::of)
                .map(Enum::name)
                .collect(Collectors.toSet());
        values.addAll(Set.of("UP", "UNKNOWN", "DATABRICKS_TELEMETRY_DISABLED"));

        assertThat(Pages.code(TROUBLESHOOTING).filter(VALUE.asMatchPredicate()))
                .contains("HALF_OPEN")
                .isSubsetOf(values);
    }

    @Test
    void everyReasonOfADropIsExplained() {
        List<String> reasons =
                Stream.of(DropReason.values()).map(DropReason::text).toList();

        for (String page : List.of("docs/troubleshooting.md", "docs/architecture.md")) {
            assertThat(rows(Pages.ROOT.resolve(page)).toList()).as(page).containsAll(reasons);
        }
    }

    @Test
    void everyMeterAndEveryPropertyNamedIsThere() {
        List<String> meters = meters();
        List<String> properties = PROPERTY.matcher(Pages.read(Pages.ROOT.resolve("docs/configuration.md")))
                .results()
                .map(match -> withoutNames("databricks.telemetry." + match.group(1)))
                .toList();
        List<String> named = Pages.all()
                .flatMap(Pages::code)
                .map(NAME::matcher)
                .filter(Matcher::matches)
                .map(match -> withoutNames(match.group(1)))
                .filter(name -> !name.equals(LOGGER))
                .distinct()
                .toList();

        assertThat(named)
                .contains("databricks.telemetry.dropped")
                .filteredOn(name -> !name.equals(LOGGER))
                .allSatisfy(name -> assertThat(Stream.concat(meters.stream(), properties.stream()))
                        .anyMatch(known -> known.equals(name) || known.startsWith(name + ".")));
    }

    @Test
    void everyTagNamedBesideAMeterIsOneOfItsTags() {
        List<String> tagged = Pages.all()
                .map(Pages::read)
                .map(METER_AND_TAG::matcher)
                .flatMap(Matcher::results)
                .map(match -> match.group(1) + " " + match.group(2))
                .distinct()
                .toList();

        assertThat(tagged)
                .contains("databricks.telemetry.export outcome")
                .allSatisfy(meterAndTag -> assertThat(
                                sample.json("/actuator/metrics/" + meterAndTag.split(" ", -1)[0])
                                        .path("availableTags")
                                        .findValuesAsText("tag"))
                        .contains(meterAndTag.split(" ", -1)[1]));
    }

    private static List<String> meters() {
        return Stream.of(sample.json("/actuator/metrics").path("names"))
                .flatMap(names -> Stream.iterate(0, i -> i < names.size(), i -> i + 1)
                        .map(i -> names.path(i).asText()))
                .filter(name -> name.startsWith("databricks."))
                .toList();
    }

    private static String withoutNames(String property) {
        return property.replaceAll("<[^>]*>", "<>");
    }

    /** The code in the first column of the tables of a page. */
    private static Stream<String> rows(Path page) {
        return Pages.read(page)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1)[1])
                .flatMap(cell ->
                        Pattern.compile("`([^`]+)`").matcher(cell).results().map(match -> match.group(1)));
    }

    /** The same with what differs from run to run made equal: numbers, times, hosts, principals. */
    private static JsonNode shape(JsonNode node) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (node.isObject()) {
            ObjectNode copy = json.objectNode();
            node.properties().forEach(field -> copy.set(anonymous(field.getKey()), shape(field.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = json.arrayNode();
            node.forEach(element -> copy.add(shape(element)));
            return copy;
        }
        return node.isNumber()
                ? json.textNode("number")
                : node.isTextual() ? json.textNode(anonymous(node.asText())) : node;
    }

    private static String anonymous(String text) {
        return text.replaceFirst("^[\\w.-]+:\\d+$", "host")
                .replaceFirst("^\\d{4}-\\d\\d-\\d\\dT.*Z$", "time")
                .replaceFirst("^token-[0-9a-f]+$", "principal");
    }
}
