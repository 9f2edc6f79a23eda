package io.github.databrickstelemetry.sample.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.sample.RunningSample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every shell command of the pages. Bash runs them; curl then really asks the running sample, scripts say whether they
 * would understand, and calls of Maven are held against the build. What no rule knows fails.
 */
class DocumentedCommandsTest {

    private static final String ADDRESS = "localhost:8080";
    private static final Pattern GET = Pattern.compile("GET (/\\S+)");
    private static final Pattern ACTION = Pattern.compile("\\{\"action\":\"[a-z]+\"}");
    private static final List<String> LANGUAGES =
            List.of("bash", "java", "json", "kotlin", "properties", "xml", "yaml", "");
    private static final Map<String, String> OWN_WORKSPACE = Map.of(
            "DATABRICKS_HOST", "localhost:1",
            "DATABRICKS_HTTP_PATH", "/sql/1.0/warehouses/abc",
            "DATABRICKS_TOKEN", "not-a-token");

    private static RunningSample sample;

    private final Build build = new Build();

    @BeforeAll
    static void start() {
        sample = RunningSample.start();
    }

    @AfterAll
    static void stop() {
        sample.close();
    }

    static boolean bashIsInstalled() {
        return Files.isExecutable(Shell.BASH);
    }

    static List<Pages.Script> scripts() {
        return Pages.scripts();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    @EnabledIf(value = "bashIsInstalled", disabledReason = "No bash is installed, so no documented command is tried")
    void everyCommandDoesWhatThePageSays(Pages.Script script, @TempDir Path folder) throws Exception {
        Shell.Outcome outcome = Shell.run(script.text(), folder);

        assertThat(outcome.complaint()).as(script.text()).isEmpty();
        assertThat(outcome.calls()).as("programs called by %s", script.text()).isNotEmpty();
        for (Shell.Call call : outcome.calls()) {
            switch (call.program()) {
                case "curl" -> curl(call);
                case "mvn" -> maven(call);
                case "benchmarks/run" -> understands(call);
                case ".ci/run" -> assertThat(call.arguments()).isEmpty();
                default -> fail("no rule says how to check %s", call.commandLine());
            }
        }
    }

    @Test
    @EnabledIf(value = "bashIsInstalled", disabledReason = "No bash is installed, so no documented command is tried")
    void aProgramThatNoRuleKnowsFails(@TempDir Path folder) throws Exception {
        assertThat(Shell.run("mvn verify\nmake all # as before", folder).complaint())
                .contains("make")
                .contains("exit code 127");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-pl telemetry-kernel test",
                "-pl telemetry-core tset",
                "spring-boot:walk",
                "--fastest verify",
                "-pl benchmarks test -Dtest=NoSuchTest",
                "verify -Dno.such.property=1"
            })
    void aCallOfMavenThatMeansNothingHereFails(String arguments) {
        Shell.Call call = new Shell.Call("mvn", List.of(), List.of(arguments.split(" ", -1)));

        assertThatThrownBy(() -> build.check(call)).isInstanceOf(AssertionError.class);
    }

    @Test
    void ciRunsTheTestCommandOfTheReadme() {
        List<String> readme = Pages.scripts().stream()
                .filter(script -> script.page().endsWith("README.md"))
                .flatMap(script -> script.text().lines())
                .toList();

        assertThat(Pages.read(Pages.ROOT.resolve(".ci/run")).lines().toList())
                .last()
                .isIn(readme);
    }

    @Test
    void everyRequestNamedInASentenceIsAnswered() {
        List<String> paths = Pages.all()
                .flatMap(Pages::code)
                .map(GET::matcher)
                .filter(Matcher::matches)
                .map(request -> request.group(1))
                .distinct()
                .toList();

        assertThat(paths)
                .isNotEmpty()
                .allSatisfy(path ->
                        assertThat(sample.get(path).statusCode()).as(path).isEqualTo(200));
    }

    @Test
    void everyDocumentedActionOfTheEndpointIsDone() {
        List<String> actions = Pages.all()
                .flatMap(Pages::code)
                .filter(ACTION.asMatchPredicate())
                .distinct()
                .toList();

        assertThat(actions).isNotEmpty();
        try {
            for (String action : actions) {
                HttpResponse<String> answer = sample.post("/actuator/databrickstelemetry", action);
                assertThat(answer.statusCode()).as(action).isEqualTo(200);
                if (action.contains("pause")) {
                    assertThat(answer.body()).contains("\"paused\":true");
                }
            }
        } finally {
            assertThat(sample.post("/actuator/databrickstelemetry", "{\"action\":\"resume\"}")
                            .body())
                    .contains("\"paused\":false");
        }
    }

    @Test
    void everyBlockIsInALanguageThatSomeTestReads() {
        for (Path page : Pages.all().toList()) {
            for (Pages.Block block : Pages.blocks(page)) {
                assertThat(block.language()).as("%s: %s", page, block.text()).isIn(LANGUAGES);
                if (block.language().isEmpty()) {
                    // A drawing or a formula; a command would need a language, to be found.
                    assertThat(block.text().lines()).noneMatch(Pages::isCommand);
                }
            }
        }
    }

    private void maven(Shell.Call call) {
        build.check(call);
        if (!call.arguments().contains("spring-boot:run")) {
            return;
        }
        assertThat(call.arguments())
                .as("the first start says what Maven fetches and builds")
                .doesNotContain("-q", "--quiet");
        assertThat(Pages.read(Pages.ROOT.resolve("sample-app/src/main/resources/application.yaml")))
                .as("the port is Spring Boot's own, as the page says")
                .doesNotContainPattern("(?m)^ +port:");
        String profile = "-Dspring-boot.run.profiles=";
        call.arguments().stream()
                .filter(argument -> argument.startsWith(profile))
                .forEach(argument -> startsWith(argument.substring(profile.length()), call.exported()));
    }

    /** The sample, with this profile and with no more variables than the page sets. */
    private static void startsWith(String profile, List<String> variables) {
        List<String> arguments = new ArrayList<>(List.of("--spring.profiles.active=" + profile));
        assertThat(OWN_WORKSPACE).containsKeys(variables.toArray(String[]::new));
        variables.forEach(name -> arguments.add("--" + name + "=" + OWN_WORKSPACE.get(name)));
        try (RunningSample started = RunningSample.start(arguments.toArray(String[]::new))) {
            assertThat(started.get("/").statusCode()).isEqualTo(200);
        }
    }

    private static void understands(Shell.Call call) throws IOException, InterruptedException {
        Path script = Pages.ROOT.resolve(call.program());
        assertThat(script).isExecutable();
        List<String> command = Stream.concat(Stream.of(script.toString(), "check"), call.arguments().stream())
                .toList();
        assertThat(output(command)).isEqualTo("understood");
    }

    private static void curl(Shell.Call call) {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "curl"))),
                "No curl is installed, so the documented requests are not sent");
        String port = URI.create(sample.address()).getAuthority();
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-w", "\n%{http_code}"));
        call.arguments().forEach(argument -> command.add(argument.replace(ADDRESS, port)));
        URI asked = URI.create("http://"
                + call.arguments().stream()
                        .filter(argument -> argument.startsWith(ADDRESS + "/"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("asks something else: " + call.commandLine())));
        // Some of it happens by itself, seconds later.
        await().atMost(RunningSample.PATIENCE).untilAsserted(() -> {
            String[] answer = output(command).split("\n(?=\\d+$)", -1);
            assertThat(answer).as(call.commandLine()).hasSize(2);
            assertThat(answer[1]).as(call.commandLine()).isEqualTo("200");
            answersAsPromised(asked, new ObjectMapper().readTree(answer[0]));
        });
    }

    private static void answersAsPromised(URI asked, JsonNode answer) {
        int limit =
                asked.getQuery() == null ? 0 : Integer.parseInt(asked.getQuery().replace("limit=", ""));
        switch (asked.getPath()) {
            case "/trips/top" -> assertThat(answer).hasSize(limit);
            case "/workspace/telemetry" -> {
                assertThat(answer.path("documents")).hasSizeLessThanOrEqualTo(limit);
                assertThat(answer.path("documents").findValuesAsText("operation"))
                        .contains("EXECUTE_STATEMENT");
            }
            case "/actuator/health" ->
                assertThat(answer.findPath("databricksTelemetry")
                                .path("details")
                                .path(sample.workspace().host())
                                .path("circuitBreaker")
                                .asText())
                        .isEqualTo("CLOSED");
            case "/actuator/databrickstelemetry" ->
                assertThat(answer.path("hosts")
                                .path(sample.workspace().host())
                                .findPath("emitted")
                                .asLong())
                        .isPositive();
            case "/workspace/telemetry/ERROR" -> {
                assertThat(answer.path("endpoint").asText()).isEqualTo("ERROR");
                // "HEALTHY mends it", says the page.
                sample.post("/workspace/telemetry/HEALTHY");
                assertThat(sample.json("/workspace/telemetry")
                                .findPath("endpoint")
                                .asText())
                        .isEqualTo("HEALTHY");
            }
            default -> fail("no rule says what %s answers", asked);
        }
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }
}
