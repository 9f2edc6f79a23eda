package io.github.databrickstelemetry.workspace.internal;

import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.commons.CommonsHttpClient;
import com.databricks.sdk.core.oauth.OAuthM2MServicePrincipalCredentialsProvider;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Credentials by the unified authentication of {@code com.databricks:databricks-sdk-java}: OAuth machine to machine,
 * Azure and Google identities, workload federation, whatever its configuration says. Thread-safe.
 *
 * <p>The SDK keeps a token until shortly before it expires and then asks for another; only threads of the engine ever
 * wait for that. To be used only where the SDK is on the class path.
 */
public final class DatabricksSdkCredentials implements CredentialSource {

    /** A token endpoint that hangs must not keep a thread for the SDK's own five minutes. */
    private static final int TIMEOUT_SECONDS = 10;

    private final String identity;
    private final DatabricksConfig config;

    /**
     * Credentials by a configuration of the application's own, on which {@code resolve()} has been called or an HTTP
     * client set.
     *
     * @param identity names the source; no secret
     */
    public DatabricksSdkCredentials(String identity, DatabricksConfig config) {
        this.identity = identity;
        this.config = config;
    }

    /**
     * OAuth machine to machine, with the client credentials of a service principal.
     *
     * @param identity names the source; no secret
     */
    public static DatabricksSdkCredentials machineToMachine(
            String identity, WorkspaceHost host, String clientId, String clientSecret) {
        return new DatabricksSdkCredentials(
                identity,
                new DatabricksConfig()
                        .setHost(host.baseUrl())
                        .setClientId(clientId)
                        .setClientSecret(clientSecret)
                        // Without it the SDK tries a dozen kinds of credentials, and warns in the log of each failure.
                        .setCredentialsProvider(new OAuthM2MServicePrincipalCredentialsProvider())
                        // Otherwise it refreshes on threads of the common pool.
                        .setDisableAsyncTokenRefresh(true)
                        // With a client given, nothing is read from the environment or from files.
                        .setHttpClient(new CommonsHttpClient.Builder()
                                .withTimeoutSeconds(TIMEOUT_SECONDS)
                                .build()));
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public @Nullable String authorization() {
        Map<String, String> headers = config.authenticate();
        return headers.get("Authorization");
    }

    @Override
    public String toString() {
        return identity;
    }
}
