package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.internal.Authorization;
import io.github.databrickstelemetry.workspace.internal.UnusableCredentialsException;
import org.jspecify.annotations.Nullable;

/** The header under which a client's requests travel, asked for before every request. */
final class AuthorizationHeader {

    private final CredentialSource credentials;
    private final boolean authenticated;

    AuthorizationHeader(CredentialSource credentials, boolean authenticated) {
        this.credentials = credentials;
        this.authenticated = authenticated;
    }

    /**
     * The value, or null for a client that travels without.
     *
     * @throws AttemptException if there are no credentials now
     */
    @Nullable
    String current() {
        try {
            return authenticated ? Authorization.require(credentials) : null;
        } catch (UnusableCredentialsException none) {
            throw new AttemptException(Outcome.FAILURE, ExportError.ofCredentials(none.why()));
        }
    }
}
