package io.github.databrickstelemetry.workspace.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.LogWatch;
import io.github.databrickstelemetry.testing.LoopbackProxy;
import io.github.databrickstelemetry.testing.PrivateAuthority;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Answer;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.ServicePrincipalCredentials.TokenRefusedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServicePrincipalCredentialsTest {

    private final FakeClock clock = new FakeClock();
    private final StubServer server = StubServer.http();
    private final AtomicInteger tokens = new AtomicInteger();
    private final ServicePrincipalCredentials credentials =
            credentials(Targets.http(server.port()), TransportSettings.DIRECT);

    private ServicePrincipalCredentials credentials(Targets host, TransportSettings transport) {
        TelemetryTarget target = host.build();
        return new ServicePrincipalCredentials(
                "m2m-id", target.host(), transport, target.settings(), "client-id", "client-secret", clock);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void issueTokens(StubServer at, String expiresIn) {
        at.answering(request -> Answer.of(
                200,
                "{\"access_token\":\"token-" + tokens.incrementAndGet() + "\",\"token_type\":\"Bearer\",\"expires_in\":"
                        + expiresIn + "}"));
    }

    @Test
    void postsTheClientCredentials() {
        issueTokens(server, "3600");

        assertThat(credentials.authorization()).isEqualTo("Bearer token-1");
        assertThat(server.requests()).singleElement().satisfies(request -> {
            String basic =
                    Base64.getEncoder().encodeToString("client-id:client-secret".getBytes(StandardCharsets.UTF_8));
            assertThat(request.method() + " " + request.path()).isEqualTo("POST /oidc/v1/token");
            assertThat(request.header("Authorization")).isEqualTo("Basic " + basic);
            assertThat(request.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
            assertThat(request.text()).isEqualTo("grant_type=client_credentials&scope=all-apis");
        });
    }

    @Test
    void keepsATokenUntilShortlyBeforeItExpires() {
        issueTokens(server, "3600");
        credentials.authorization();

        clock.advance(Duration.ofSeconds(3569));
        assertThat(credentials.authorization()).isEqualTo("Bearer token-1");

        clock.advance(Duration.ofSeconds(1));
        assertThat(credentials.authorization()).isEqualTo("Bearer token-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-5", "null", "\"soon\""})
    void keepsNoTokenWhoseLifeIsShortOrUnknown(String expiresIn) {
        issueTokens(server, expiresIn);

        assertThat(credentials.authorization()).isEqualTo("Bearer token-1");
        assertThat(credentials.authorization()).isEqualTo("Bearer token-2");
    }

    @Test
    void keepsNoTokenLongerThanADay() {
        issueTokens(server, "9223372036854775807");
        credentials.authorization();

        clock.advance(Duration.ofDays(1));

        assertThat(credentials.authorization()).isEqualTo("Bearer token-2");
    }

    @ParameterizedTest
    @CsvSource({
        "401, '{\"error\":\"invalid_client\"}', HTTP 401",
        "200, '<html>', HTTP 200",
        "200, '{\"access_token\":', JsonEOFException",
    })
    void hasNoTokenIfTheWorkspaceIssuesNone(int status, String body, String why) {
        server.answering(request -> Answer.of(status, body));

        assertThatThrownBy(credentials::authorization)
                .isInstanceOf(TokenRefusedException.class)
                .hasMessage(why);
    }

    @Test
    void hasNoTokenIfTheResponseNamesNone() {
        server.answering(request -> Answer.of(200, "{}"));

        assertThatThrownBy(credentials::authorization)
                .isInstanceOf(TokenRefusedException.class)
                .hasMessage("NoToken");
    }

    @Test
    void usesTheProxyAndTheTrustOfTheDataSource(@TempDir Path folder) {
        PrivateAuthority authority = new PrivateAuthority(folder);
        SSLContext trusting = authority.client();
        try (StubServer workspace = StubServer.https(authority.server("dns:workspace.test"));
                LoopbackProxy proxy = new LoopbackProxy("user", "pass")) {
            issueTokens(workspace, "3600");
            TransportSettings transport = new TransportSettings(
                    new ProxySettings("127.0.0.1", proxy.port(), "user", "pass", List.of(), false),
                    new TlsSettings.Supplied(() -> trusting));

            assertThat(credentials(Targets.of("workspace.test:" + workspace.port()), transport)
                            .authorization())
                    .isEqualTo("Bearer token-1");
            assertThat(proxy.heads()).singleElement().asString().startsWith("CONNECT workspace.test:");
        }
    }

    @Test
    void sendsNoSecretToAServerThatTheDataSourceDoesNotTrust(@TempDir Path folder) {
        try (StubServer workspace = StubServer.https(new PrivateAuthority(folder).server("ip:127.0.0.1"))) {
            Targets host = Targets.of("127.0.0.1:" + workspace.port());

            assertThatThrownBy(credentials(host, TransportSettings.DIRECT)::authorization)
                    .hasMessage("SSLHandshakeException");
            assertThat(workspace.requests()).isEmpty();
        }
    }

    @Test
    void sendsNoSecretWithoutTls() {
        Targets host = Targets.http(server.port()).refuseHttp();

        assertThatThrownBy(credentials(host, TransportSettings.DIRECT)::authorization)
                .hasMessage("HostRefusedException");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void showsAndLogsNoSecret() {
        issueTokens(server, "3600");
        try (LogWatch log = new LogWatch()) {
            credentials.authorization();
            server.answering(401);
            clock.advance(Duration.ofHours(1));
            assertThatThrownBy(credentials::authorization).isInstanceOf(TokenRefusedException.class);

            String basic =
                    Base64.getEncoder().encodeToString("client-id:client-secret".getBytes(StandardCharsets.UTF_8));
            assertThat(log.all())
                    .noneMatch(
                            line -> line.contains("client-secret") || line.contains(basic) || line.contains("token-1"));
            assertThat(log.loud()).isEmpty();
        }
        assertThat(credentials).hasToString("m2m-id");
    }
}
