package io.github.databrickstelemetry.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.standin.ServerStatement;
import io.github.databrickstelemetry.standin.TelemetryDocument;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The sample as a person starts it, but on a free port and impatient, and what a person can see of it over HTTP. */
public final class RunningSample implements AutoCloseable {

    /** As long as a test waits for something that happens by itself. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> IMPATIENT = List.of(
            "--server.port=0",
            "--workspace.trips=12000",
            "--databricks.telemetry.insight.log=off",
            "--databricks.telemetry.flush-interval=100ms",
            "--databricks.telemetry.export.max-retries=1",
            "--databricks.telemetry.export.backoff-initial=10ms",
            "--databricks.telemetry.export.read-timeout=500ms");

    private final ConfigurableApplicationContext context;

    private RunningSample(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts it with these arguments, which win over the ones that make it impatient. */
    public static RunningSample start(String... arguments) {
        // The same option given twice would be a list of two values.
        Map<String, String> options = new LinkedHashMap<>();
        Stream.concat(IMPATIENT.stream(), Stream.of(arguments))
                .forEach(argument -> options.put(argument.substring(0, argument.indexOf('=')), argument));
        return new RunningSample(
                SpringApplication.run(SampleApplication.class, options.values().toArray(String[]::new)));
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public String address() {
        return "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
    }

    public WorkspaceStandIn workspace() {
        return context.getBean(WorkspaceStandIn.class);
    }

    /** What telemetry knows of the workspace's host, as health shows it. */
    public JsonNode health() {
        return json("/actuator/health")
                .path("components")
                .path("databricksTelemetry")
                .path("details")
                .path(workspace().host());
    }

    public String breaker() {
        return health().path("circuitBreaker").asText();
    }

    /** Ids of the statements that the workspace ran for the application. */
    public Set<String> statementsRun() {
        return workspace().statements().stream().map(ServerStatement::id).collect(Collectors.toSet());
    }

    /** Ids of the statements whose telemetry the workspace received. */
    public Set<String> statementsReported() {
        return received().stream()
                .filter(document -> document.operation().equals("EXECUTE_STATEMENT"))
                .map(TelemetryDocument::statementId)
                .collect(Collectors.toSet());
    }

    public List<TelemetryDocument> received() {
        return workspace().telemetry().received();
    }

    public HttpResponse<String> get(String path) {
        return get(address(), path);
    }

    /** What one answers that runs as a process of its own. */
    public static HttpResponse<String> get(String address, String path) {
        return send(HttpRequest.newBuilder(URI.create(address + path)));
    }

    public HttpResponse<String> post(String path) {
        return send(HttpRequest.newBuilder(URI.create(address() + path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    public HttpResponse<String> post(String path, String json) {
        return send(HttpRequest.newBuilder(URI.create(address() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    public JsonNode json(String path) {
        try {
            return JSON.readTree(get(path).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
