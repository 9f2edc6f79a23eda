package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bearer tokens that the application supplies, by property or by bean. Thread-safe. Prints no token. */
final class SuppliedCredentials implements CredentialSource {

    private final String identity;
    private final Supplier<@Nullable String> token;

    private SuppliedCredentials(String identity, Supplier<@Nullable String> token) {
        this.identity = identity;
        this.token = token;
    }

    /** The token of an entry under {@code hosts}. Data sources that refer to the entry are the same principal. */
    static CredentialSource ofHost(String name, String token) {
        return new SuppliedCredentials("hosts." + name, () -> token);
    }

    /** Whatever the application's bean says at the time of asking. */
    static CredentialSource ofBean(ApplicationBeans application, WorkspaceHost host, String name) {
        return new SuppliedCredentials("bean." + name, () -> application.bearerToken(host.key(), name));
    }

    @Override
    public String identity() {
        return identity;
    }

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
