package io.github.databrickstelemetry.workspace.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Answer;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabricksSdkCredentialsTest {

    private final StubServer server = StubServer.http();
    private final AtomicInteger tokens = new AtomicInteger();
    private final DatabricksSdkCredentials credentials = DatabricksSdkCredentials.machineToMachine(
            "dataSource:main", WorkspaceHost.parse("http://127.0.0.1:" + server.port()), "client-id", "client-secret");

    @AfterEach
    void stop() {
        server.close();
    }

    private void answerTokens(int expiresInSeconds) {
        server.answering(request -> {
            if (request.path().contains("oauth-authorization-server")) {
                String base = "http://127.0.0.1:" + server.port();
                return Answer.of(
                        200,
                        "{\"authorization_endpoint\":\"" + base + "/oidc/v1/authorize\",\"token_endpoint\":\"" + base
                                + "/oidc/v1/token\"}");
            }
            if (request.path().equals("/oidc/v1/token")) {
                return Answer.of(
                        200,
                        "{\"access_token\":\"token-" + tokens.incrementAndGet()
                                + "\",\"token_type\":\"Bearer\",\"expires_in\":" + expiresInSeconds + "}");
            }
            return Answer.of(404);
        });
    }

    @Test
    void asksTheTokenEndpointWithTheClientCredentials() {
        answerTokens(3600);

        assertThat(credentials.authorization()).isEqualTo("Bearer token-1");
        assertThat(server.requests())
                .filteredOn(request -> request.path().equals("/oidc/v1/token"))
                .singleElement()
                .satisfies(request -> {
                    String basic = Base64.getEncoder()
                            .encodeToString("client-id:client-secret".getBytes(StandardCharsets.UTF_8));
                    assertThat(request.header("Authorization")).isEqualTo("Basic " + basic);
                    assertThat(request.text()).contains("grant_type=client_credentials");
                });
    }

    @Test
    void keepsATokenWhileItIsValid() {
        answerTokens(3600);

        assertThat(credentials.authorization()).isEqualTo(credentials.authorization());
        assertThat(tokens).hasValue(1);
    }

    @Test
    void asksAgainWhenTheTokenHasExpired() {
        answerTokens(1);

        assertThat(credentials.authorization()).isEqualTo("Bearer token-1");
        assertThat(credentials.authorization()).isEqualTo("Bearer token-2");
    }

    @Test
    void throwsWhenTheClientIsRefused() {
        server.answering(401);

        // An error rather than an exception: the SDK looks at the refusal with a class that it leaves optional.
        assertThatThrownBy(credentials::authorization)
                .isInstanceOfAny(NoClassDefFoundError.class, RuntimeException.class);
        assertThat(server.requests()).isNotEmpty();
    }

    @Test
    void showsItsIdentityOnly() {
        assertThat(credentials).hasToString("dataSource:main");
        assertThat(credentials.identity()).isEqualTo("dataSource:main");
    }
}
