package io.github.databrickstelemetry.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Telemetry, feature flag and query history, over HTTP. */
class ServicesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String TELEMETRY = "/telemetry-ext";
    private static final String FLAG = "/api/2.0/connector-service/feature-flags/OSS_JDBC/3.4.5";
    private static final String BODY = "{\"uploadTime\":1,\"items\":[],\"protoLogs\":[\"{\\\"frontend_log_event_id\\\":"
            + "\\\"e1\\\",\\\"entry\\\":{\\\"sql_driver_log\\\":{\\\"session_id\\\":\\\"s\\\",\\\"sql_statement_id\\\":"
            + "\\\"q\\\",\\\"operation_latency_ms\\\":12,\\\"sql_operation\\\":{\\\"operation_detail\\\":"
            + "{\\\"operation_type\\\":\\\"EXECUTE_STATEMENT\\\"}},\\\"error_info\\\":{\\\"error_name\\\":\\\"E\\\"}}}}\"]}";

    private WorkspaceStandIn workspace;

    @BeforeEach
    void start() {
        workspace = WorkspaceStandIn.start();
    }

    @AfterEach
    void stop() {
        workspace.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + workspace.host() + path))
                .header("Authorization", "Bearer " + workspace.token());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post() throws IOException, InterruptedException {
        return send(request(TELEMETRY).POST(BodyPublishers.ofString(BODY)));
    }

    @Test
    void keepsTheDocumentsThatItReceives() throws Exception {
        assertThat(post().body()).contains("\"numProtoSuccess\":1");

        assertThat(workspace.telemetry().documents()).isEqualTo(1);
        assertThat(workspace.telemetry().bytes()).isEqualTo(BODY.length());
        assertThat(workspace.telemetry().received()).singleElement().satisfies(document -> {
            assertThat(document.eventId()).isEqualTo("e1");
            assertThat(document.operation()).isEqualTo("EXECUTE_STATEMENT");
            assertThat(document.sessionId()).isEqualTo("s");
            assertThat(document.statementId()).isEqualTo("q");
            assertThat(document.latencyMillis()).isEqualTo(12);
            assertThat(document.errorName()).isEqualTo("E");
            assertThat(document.path()).isEqualTo(TELEMETRY);
            assertThat(document.value("entry.sql_driver_log.nothing.here")).isNull();
        });
    }

    @Test
    void readsCompressedDocuments() throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(BODY.getBytes(StandardCharsets.UTF_8));
        }
        send(request("/api/2.0/sql/telemetry-unauth")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(compressed.toByteArray())));
        assertThat(workspace.telemetry().received()).hasSize(1);
        assertThat(workspace.telemetry().bytes()).isEqualTo(compressed.size());
    }

    @ParameterizedTest
    @CsvSource({"ERROR, 500", "THROTTLED, 429", "FORBIDDEN, 403", "GATEWAY_PAGE, 200"})
    void failsInTheWayThatItIsSetTo(ServiceMode mode, int status) throws Exception {
        workspace.telemetry().setMode(mode);
        HttpResponse<String> response = post();
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Retry-After").isPresent()).isEqualTo(mode == ServiceMode.THROTTLED);
        assertThat(response.body().startsWith("<")).isEqualTo(mode == ServiceMode.GATEWAY_PAGE);
        assertThat(workspace.telemetry().received()).isEmpty();
        assertThat(workspace.telemetry().failedRequests()).isEqualTo(1);
    }

    @Test
    void rejectsAPart() throws Exception {
        workspace.telemetry().setMode(ServiceMode.PARTIAL);
        assertThat(post().body()).contains("\"numProtoSuccess\":0");
        assertThat(workspace.telemetry().rejected()).isEqualTo(1);
    }

    @Test
    void hangsUntilItIsHealthyAgain() throws Exception {
        workspace.telemetry().setMode(ServiceMode.HANG);
        assertThatThrownBy(() -> HTTP.send(
                        request(TELEMETRY)
                                .timeout(Duration.ofMillis(300))
                                .POST(BodyPublishers.ofString(BODY))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
        workspace.telemetry().setMode(ServiceMode.HEALTHY);
        assertThat(post().statusCode()).isEqualTo(200);
    }

    @Test
    void closesTheConnectionWithoutAResponse() {
        workspace.telemetry().setMode(ServiceMode.REFUSE);
        assertThatThrownBy(this::post).isInstanceOf(IOException.class);
    }

    @Test
    void takesASecondWhereItIsSlow() throws Exception {
        workspace.telemetry().setMode(ServiceMode.SLOW);
        long before = System.nanoTime();
        assertThat(post().statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(900));
    }

    @Test
    void tellsTheFlagUntilItIsSwitchedOff() throws Exception {
        assertThat(send(request(FLAG)).body()).contains("\"value\":\"true\"").contains("\"ttl_seconds\":60");
        workspace.featureFlag().setEnabled(false);
        workspace.featureFlag().setTtlSeconds(900);
        assertThat(send(request(FLAG)).body()).contains("\"value\":\"false\"").contains("\"ttl_seconds\":900");
        assertThat(send(request(FLAG + "-SNAPSHOT")).statusCode()).isEqualTo(400);
        assertThat(workspace.featureFlag().requests()).isEqualTo(3);
    }

    @Test
    void wantsAToken() throws Exception {
        for (String path : new String[] {TELEMETRY, FLAG, "/api/2.0/sql/statements/x"}) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + workspace.host() + path));
            assertThat(send(request).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void showsAStatementOnTheHistoryPage() throws Exception {
        try (Connection connection = DriverManager.getConnection(workspace.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT '<b>'");
        }
        String id = workspace.lastStatement().id();
        assertThat(send(request("/sql/history?queryId=" + id + "&queryStartTimeMs=1"))
                        .body())
                .contains(id, "SUCCEEDED", "SELECT '&lt;b&gt;'");
        assertThat(send(request("/sql/history")).body()).contains(id);
        assertThat(send(request("/sql/history?queryId=other")).statusCode()).isEqualTo(404);
    }
}
