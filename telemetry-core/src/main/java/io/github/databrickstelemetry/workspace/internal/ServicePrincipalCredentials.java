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
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * OAuth machine to machine: tokens that the workspace issues to a service principal. Thread-safe.
 *
 * <p>A token is requested on the calling thread, with the proxy and the trust of the data source, and kept until shortly
 * before it expires.
 */
public final class ServicePrincipalCredentials implements CredentialSource {

    private static final String PATH = "/oidc/v1/token";
    private static final byte[] FORM =
            "grant_type=client_credentials&scope=all-apis".getBytes(StandardCharsets.US_ASCII);
    /** A token is not sent when it may expire on its way. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final long LONGEST_LIFE_SECONDS = Duration.ofDays(1).toSeconds();

    private final String identity;
    private final String basic;
    private final TelemetryClock clock;
    private final WorkspaceChannel channel;
    private @Nullable String bearer;
    private long expiresAtNanos;

    /**
     * Credentials of a service principal. Makes no request.
     *
     * @param identity names the source; no secret
     * @param transport proxy and trust of the token requests
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
        byte[] pair = (clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8);
        this.basic = "Basic " + Base64.getEncoder().encodeToString(pair);
        this.clock = clock;
        this.channel = new WorkspaceHttp(new HostValidator())
                .open(new TelemetryTarget(host, true, CredentialSource.NONE, transport, null, null, settings));
    }

    @Override
    public String identity() {
        return identity;
    }

    /** @throws TokenRefusedException if the workspace issues no token */
    @Override
    public synchronized String authorization() {
        String known = bearer;
        if (known != null && expiresAtNanos - clock.nanoTime() > 0) {
            return known;
        }
        try {
            long requestedAt = clock.nanoTime();
            JsonNode token = Json.MAPPER.readTree(request().body());
            long life = Math.min(token.path("expires_in").asLong(0), LONGEST_LIFE_SECONDS);
            JsonNode value = token.path("access_token");
            if (!value.isTextual()) {
                throw new TokenRefusedException("NoToken");
            }
            expiresAtNanos =
                    requestedAt + Duration.ofSeconds(life).minus(MARGIN).toNanos();
            known = "Bearer " + value.textValue();
            bearer = known;
            return known;
        } catch (IOException failure) {
            throw new TokenRefusedException(failure.getClass().getSimpleName());
        }
    }

    private WorkspaceResponse request() throws IOException {
        WorkspaceResponse response = channel.send(HttpMethod.POST, PATH, FORM, headers -> {
            headers.set("Accept", "application/json");
            headers.set("User-Agent", UserAgent.of(null));
            headers.set("Authorization", basic);
            headers.set("Content-Type", "application/x-www-form-urlencoded");
        });
        if (!response.isSuccess() || !response.isJsonObject()) {
            throw new TokenRefusedException("HTTP " + response.status());
        }
        return response;
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
