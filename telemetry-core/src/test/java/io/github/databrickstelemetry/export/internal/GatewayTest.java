package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.ForeignServer;
import io.github.databrickstelemetry.testing.PrivateAuthority;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;

/** Real gateways and proxies in front of the service: their pages are never taken for the service's word. */
class GatewayTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final StubServer service = StubServer.http();
    private final FakeClock clock = new FakeClock();
    private final List<Long> sleeps = new CopyOnWriteArrayList<>();
    private final CircuitBreaker breaker =
            new CircuitBreakerRegistry(clock, new Random(1)).breaker("h:1", CircuitBreakerSettings.DEFAULTS);

    @AfterEach
    void stop() {
        service.close();
    }

    private ExportResult export(Targets target, int metrics) {
        return new DatabricksTelemetryExporterFactory(
                        new WorkspaceHttp(), clock, new Random(1), sleeps::add, null, new Guard(NOPLogger.NOP_LOGGER))
                .create(target.retries(1).build(), breaker)
                .export(Metrics.statements(metrics));
    }

    private String toService() {
        return "proxy_pass http://127.0.0.1:" + service.port() + ";";
    }

    @Test
    void keepsEverythingWhileTheServiceBehindNginxIsDown() {
        String gone = "location / { proxy_pass http://127.0.0.1:" + ForeignServer.freePort() + "; }";
        try (ForeignServer nginx = ForeignServer.nginx(folder, gone)) {
            ExportResult result = export(Targets.http(nginx.port()), 3);

            assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", 502));
            assertThat(result.kept()).hasSize(3);
            assertThat(sleeps).as("retried").hasSize(1);
        }
    }

    @Test
    void findsThePathThatNginxLetsThrough() {
        for (int status : new int[] {403, 404, 405}) {
            String first = "location /api/ { return " + status + "; } location / { " + toService() + " }";
            try (ForeignServer nginx = ForeignServer.nginx(folder, first)) {
                assertThat(export(Targets.http(nginx.port()), 3)).isEqualTo(ExportResult.deliveredAll(3));
            }
        }
    }

    @Test
    void keepsEverythingThatNginxForbids() {
        try (ForeignServer nginx = ForeignServer.nginx(folder, "location / { return 403; }")) {
            ExportResult result = export(Targets.http(nginx.port()), 3);

            assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", 403));
            assertThat(result.kept()).hasSize(3);
        }
    }

    @Test
    void takesAPortalsPageForNoDelivery() {
        String portal = "default_type text/html; location / { return 200 '<html>Please log in</html>'; }";
        try (ForeignServer nginx = ForeignServer.nginx(folder, portal)) {
            ExportResult result = export(Targets.http(nginx.port()), 3);

            assertThat(result.delivered()).isZero();
            assertThat(result.kept()).hasSize(3);
            assertThat(result.error()).isEqualTo(new ExportError("NotTheService", 200));
        }
    }

    @Test
    void dropsNothingBecauseOfNginxsBadRequestPage() {
        // What nginx says of a cookie or header that it does not like.
        try (ForeignServer nginx = ForeignServer.nginx(folder, "location / { return 400; }")) {
            ExportResult result = export(Targets.http(nginx.port()), 3);

            assertThat(result.malformed()).isZero();
            assertThat(result.kept()).hasSize(3);
        }
    }

    @Test
    void splitsWhatIsTooLargeForNginx() {
        String small = "client_max_body_size 2k; location / { " + toService() + " }";
        try (ForeignServer nginx = ForeignServer.nginx(folder, small)) {
            assertThat(export(Targets.http(nginx.port()), 20)).isEqualTo(ExportResult.deliveredAll(20));
        }
    }

    @Test
    void readsNginxsCompressedResponses() {
        service.answering(request -> StubServer.Answer.of(200, "{\"numProtoSuccess\":1}"));
        String always = "location / { default_type application/json; gzip on; gzip_min_length 1; gzip_types *;"
                + " gzip_proxied any; proxy_set_header Accept-Encoding ''; proxy_set_header Connection close;"
                + toService() + " }";
        try (ForeignServer nginx = ForeignServer.nginx(folder, always)) {
            ExportResult result = export(Targets.http(nginx.port()).headers(Map.of("Accept-Encoding", "gzip")), 3);

            assertThat(result.delivered()).isEqualTo(1);
            assertThat(result.rejected()).isEqualTo(2);
        }
    }

    @Test
    void saysAtOnceThatSquidWantsAUser() throws Exception {
        PrivateAuthority authority = new PrivateAuthority(Files.createDirectories(folder.resolve("authority")));
        try (StubServer https = StubServer.https(authority.server("ip:127.0.0.1"));
                ForeignServer squid = squidWithUsers()) {
            long start = System.nanoTime();
            ExportResult anonymous = export(through(squid, https.port(), null, authority), 3);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(anonymous.error()).isEqualTo(new ExportError("HttpStatus", 407));
            assertThat(anonymous.kept()).hasSize(3);
            assertThat(took).isLessThan(Duration.ofSeconds(10));
            assertThat(export(through(squid, https.port(), "user", authority), 3))
                    .isEqualTo(ExportResult.deliveredAll(3));
        }
    }

    @Test
    void retriesWhileSquidCannotReachTheHost() throws Exception {
        PrivateAuthority authority = new PrivateAuthority(Files.createDirectories(folder.resolve("authority")));
        try (ForeignServer squid = ForeignServer.squid(folder, "http_access allow all")) {
            ExportResult result = export(through(squid, ForeignServer.freePort(), null, authority), 3);

            assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", 503));
            assertThat(result.kept()).hasSize(3);
            assertThat(sleeps).as("retried").hasSize(1);
        }
    }

    private ForeignServer squidWithUsers() {
        Path accepting = ForeignServer.script(folder, "while read -r line; do echo OK; done");
        return ForeignServer.squid(
                folder,
                "auth_param basic program " + accepting,
                "auth_param basic children 1",
                "acl known proxy_auth REQUIRED",
                "http_access allow known",
                "http_access deny all");
    }

    private static Targets through(ForeignServer squid, int port, @Nullable String user, PrivateAuthority authority) {
        return Targets.of("127.0.0.1:" + port)
                .transport(new TransportSettings(
                        new ProxySettings("127.0.0.1", squid.port(), user, user, List.of(), false),
                        new TlsSettings.Supplied(authority::client)));
    }
}
