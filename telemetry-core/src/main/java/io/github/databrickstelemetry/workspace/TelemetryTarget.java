package io.github.databrickstelemetry.workspace;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import org.jspecify.annotations.Nullable;

/**
 * Where a client's metrics go, and how. Immutable. Clients are the same if host and credential identity are.
 *
 * @param host the workspace
 * @param hostFromJdbcUrl whether the host comes from a JDBC URL, which the driver contacts with the same credentials
 *     anyway; such a host may resolve to a private address
 * @param credentials the principal's credentials
 * @param transport proxy and trust
 * @param workspaceId the workspace's numeric id, or null when not known
 * @param orgId the value of {@code x-databricks-org-id}, or null to send the workspace's id
 * @param settings the client's settings
 */
public record TelemetryTarget(
        WorkspaceHost host,
        boolean hostFromJdbcUrl,
        CredentialSource credentials,
        TransportSettings transport,
        @Nullable Long workspaceId,
        @Nullable String orgId,
        ClientSettings settings) {}
