package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.workspace.CredentialSource;
import org.jspecify.annotations.Nullable;

/** How a data source proves who it is, as far as telemetry can do the same. Immutable; prints no secret. */
public sealed interface DatabricksAuthentication {

    /** The kind in the words of Databricks' unified authentication, for example {@code pat}. */
    String type();

    /**
     * A token that is there: a personal access token or an OAuth access token.
     *
     * @param type {@code pat} in both cases, as the driver has it
     * @param credentials ready for use
     */
    record AccessToken(String type, CredentialSource credentials) implements DatabricksAuthentication {}

    /**
     * A service principal, whose tokens have to be fetched (OAuth machine to machine).
     *
     * @param type {@code oauth-m2m}, or {@code azure-client-secret} where a tenant is named
     * @param clientId the principal
     * @param clientSecret never printed
     * @param azureTenantId the Azure tenant that issues the tokens, or null for the workspace itself
     */
    record ServicePrincipal(
            String type,
            String clientId,
            String clientSecret,
            @Nullable String azureTenantId) implements DatabricksAuthentication {

        /** Without the secret. */
        @Override
        public String toString() {
            return "ServicePrincipal[type=" + type + ", clientId=" + clientId + "]";
        }
    }

    /**
     * Nothing that telemetry could use: a browser, a managed identity, a refresh token, a private key, or nothing at
     * all.
     */
    record OutOfReach(String type) implements DatabricksAuthentication {}
}
