package io.github.databrickstelemetry.event;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for every session of one data source. Made once, shared by all its sessions. Immutable. Holds no
 * secret. Texts are cut at 512 characters, and there are at most 64 parameters.
 *
 * @param driverName the JDBC driver's name, or null when not known
 * @param driverVersion the JDBC driver's version, or null when not known
 * @param authType how the session authenticates, for example {@code PAT}, or null when not known
 * @param httpPath the warehouse's or cluster's HTTP path, or null when not known; of a query, which may hold anything, only
 *     an organisation's id that is a number stays
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

    private static final int MAX_PARAMETERS = 64;
    private static final Pattern ORGANISATION = Pattern.compile("[?&](o=[0-9]+)(?:[&#]|$)");

    /** Nothing known. */
    public static final ConnectionDetails UNKNOWN =
            new ConnectionDetails(null, null, null, null, null, null, null, Map.of());

    public ConnectionDetails {
        driverName = Text.capNullable(driverName, Text.NAME);
        driverVersion = Text.capNullable(driverVersion, Text.NAME);
        authType = Text.capNullable(authType, Text.NAME);
        httpPath = Text.capNullable(withoutQuery(httpPath), Text.NAME);
        mode = Text.capNullable(mode, Text.NAME);
        authMech = Text.capNullable(authMech, Text.NAME);
        authFlow = Text.capNullable(authFlow, Text.NAME);
        parameters = capped(parameters);
    }

    private static @Nullable String withoutQuery(@Nullable String httpPath) {
        int query = httpPath == null ? -1 : httpPath.indexOf('?');
        if (httpPath == null || query < 0) {
            return httpPath;
        }
        Matcher organisation = ORGANISATION.matcher(httpPath.substring(query));
        return httpPath.substring(0, query) + (organisation.find() ? "?" + organisation.group(1) : "");
    }

    private static Map<String, Object> capped(Map<String, Object> parameters) {
        Map<String, Object> copy = new LinkedHashMap<>();
        for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
            Object value = parameter.getValue();
            if (copy.size() < MAX_PARAMETERS && parameter.getKey().length() <= Text.NAME) {
                copy.put(parameter.getKey(), value instanceof String text ? Text.cap(text, Text.NAME) : value);
            }
        }
        return Map.copyOf(copy);
    }
}
