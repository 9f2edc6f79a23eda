package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose credentials a client sends: the token of the host that the properties name, else the data source's own,
 * else those of the application's {@link TelemetryCredentials}, else none. Thread-safe.
 */
final class Credentials {

    private final ApplicationBeans application;

    Credentials(ApplicationBeans application) {
        this.application = application;
    }

    /**
     * Chooses for one client.
     *
     * @param entry the named workspace that it refers to, or null
     * @param own the data source's own, or null when telemetry cannot use them
     * @param name what the application's bean is asked with
     */
    CredentialSource choose(
            @Nullable HostProfile entry, @Nullable CredentialSource own, WorkspaceHost host, String name) {
        String token = entry == null ? null : entry.token();
        if (entry != null && token != null) {
            return SuppliedCredentials.ofHost(entry.name(), token);
        }
        if (own != null) {
            return own;
        }
        if (!application.hasCredentials()) {
            return CredentialSource.NONE;
        }
        application.prepareCredentials();
        return SuppliedCredentials.ofBean(application, host, name);
    }
}
