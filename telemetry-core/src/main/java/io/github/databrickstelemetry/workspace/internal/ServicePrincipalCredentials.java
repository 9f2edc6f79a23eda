package io.github.databrickstelemetry.workspace.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * OAuth machine to machine: tokens that the workspace issues to a service principal. Thread-safe.
 *
 * <p>A token is requested on the calling thread, with the proxy and the trust of the data source, and kept until shortly
 * before it expires. Threads that need one at the same time do not wait for each other.
 */
public final class ServicePrincipalCredentials implements RequestedCredentials {

    private static final String PATH = "/oidc/v1/token";
    private static final byte[] FORM =
            "grant_type=client_credentials&scope=all-apis".getBytes(StandardCharsets.US_ASCII);
    /** A token is not sent when it may expire on its way. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final long LONGEST_LIFE_SECONDS = Duration.ofDays(1).toSeconds();

    private record Token(String bearer, long expiresAtNanos) {}

    private final String identity;
    private final String basic;
    private final TelemetryClock clock;
    private final TelemetryTarget target;
    private volatile @Nullable Token known;

    /**
     * Makes no request.
     *
     * @param identity names the source; no secret
     * @param settings timeouts of the token requests, and which hosts they may reach
     */
    public ServicePrincipalCredentials(
            String identity,
            WorkspaceHost host,
            TransportSettings transport,
            ClientSettings settings,
            String clientId,
            String clientSecret,
            TelemetryClock clock) {
        this.identity = identity;
        this.basic = SocketExchange.basic(clientId, clientSecret);
        this.clock = clock;
        this.target = new TelemetryTarget(host, true, CredentialSource.NONE, transport, null, null, settings);
    }

    @Override
    public String identity() {
        return identity;
    }

    /** @throws TokenRefusedException if the workspace issues no token */
    @Override
    public String authorization(WorkspaceChannel channel) {
        Token current = known;
        if (current == null || current.expiresAtNanos - clock.nanoTime() <= 0) {
            current = request(channel);
            known = current;
        }
        return current.bearer;
    }

    @Override
    public void refused(String authorization) {
        Token current = known;
        if (current != null && current.bearer.equals(authorization)) {
            known = null;
        }
    }

    private Token request(WorkspaceChannel channel) {
        try {
            long requestedAt = clock.nanoTime();
            WorkspaceResponse response = channel.send(target, PATH, FORM, headers -> {
                headers.set("Accept", "application/json");
                headers.set("User-Agent", UserAgent.of(null));
                headers.set("Authorization", basic);
                headers.set("Content-Type", "application/x-www-form-urlencoded");
            });
            if (!response.isSuccess() || !response.isJsonObject()) {
                throw new TokenRefusedException("HTTP " + response.status());
            }
            JsonNode token = response.json();
            JsonNode value = token.path("access_token");
            if (!value.isTextual()) {
                throw new TokenRefusedException("NoToken");
            }
            long life = Math.min(token.path("expires_in").asLong(0), LONGEST_LIFE_SECONDS);
            return new Token(
                    "Bearer " + value.textValue(),
                    requestedAt + Duration.ofSeconds(life).minus(MARGIN).toNanos());
        } catch (IOException failure) {
            throw new TokenRefusedException(failure.getClass().getSimpleName());
        }
    }

    /** The workspace issued no token. */
    public static final class TokenRefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TokenRefusedException(String why) {
            super(why);
        }
    }

    @Override
    public String toString() {
        return identity;
    }
}
