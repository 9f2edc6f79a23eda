package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.properties.HostProfile;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the credentials of a client: the token of its entry under {@code hosts}, else the data source's own, else those
 * of the application's {@link TelemetryCredentials} beans, else none. Thread-safe.
 */
final class Credentials {

    private final ApplicationBeans application;

    Credentials(ApplicationBeans application) {
        this.application = application;
    }

    /**
     * Chooses for one client.
     *
     * @param entry the named workspace that the client belongs to, or null
     * @param own the data source's own credentials, or null if telemetry cannot use them
     * @param name passed to the application's bean
     */
    CredentialSource choose(
            @Nullable HostProfile entry, @Nullable CredentialSource own, WorkspaceHost host, String name) {
        String token = entry == null ? null : entry.token();
        if (entry != null && token != null) {
            return new BearerToken("hosts." + entry.name(), () -> token);
        }
        if (own != null) {
            return own;
        }
        return application.hasCredentials()
                ? new BearerToken("bean." + name, () -> application.bearerToken(host.key(), name))
                : CredentialSource.NONE;
    }

    /** A token that the application supplies. Read before each request; never printed. */
    private record BearerToken(String identity, Supplier<@Nullable String> token) implements CredentialSource {

        @Override
        public @Nullable String authorization() {
            String current = token.get();
            return current == null || current.isBlank() ? null : "Bearer " + current;
        }

        @Override
        public String toString() {
            return identity;
        }
    }
}
