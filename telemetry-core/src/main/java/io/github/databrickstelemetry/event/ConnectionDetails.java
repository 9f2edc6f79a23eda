package io.github.databrickstelemetry.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for every session of one data source. Made once, shared by all its sessions. Immutable. Holds no
 * secret.
 *
 * @param driverName the JDBC driver's name, or null when not known
 * @param driverVersion the JDBC driver's version, or null when not known
 * @param authType how the session authenticates, for example {@code PAT}, or null when not known
 * @param httpPath the warehouse's or cluster's HTTP path, or null when not known
 * @param mode {@code SEA} or {@code THRIFT}, or null when not known
 * @param authMech {@code PAT}, {@code OAUTH} or {@code OTHER}, or null when not known
 * @param authFlow the OAuth flow in the words of the wire format ({@code auth_flow}), or null
 * @param parameters further connection parameters by their wire name ({@code socket_timeout}, {@code use_proxy},
 *     {@code enable_arrow}, …); values are {@link String}, {@link Number} or {@link Boolean}
 */
public record ConnectionDetails(
        @Nullable String driverName,
        @Nullable String driverVersion,
        @Nullable String authType,
        @Nullable String httpPath,
        @Nullable String mode,
        @Nullable String authMech,
        @Nullable String authFlow,
        Map<String, Object> parameters) {

    /** Nothing known. */
    public static final ConnectionDetails UNKNOWN =
            new ConnectionDetails(null, null, null, null, null, null, null, Map.of());

    public ConnectionDetails {
        parameters = Map.copyOf(parameters);
    }
}
