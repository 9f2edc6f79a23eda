package io.github.databrickstelemetry.jdbc.databricks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the ids of a workspace and its warehouse in an HTTP path, which may be null, and a host name. Stateless. */
public final class WorkspaceIds {

    private static final Pattern QUERY = Pattern.compile("[?&]o=([A-Za-z0-9_-]{1,64})(?:&|#|$)");
    /** A 0 in place of the id means none. */
    private static final Pattern CLUSTER_PATH = Pattern.compile("/o/(?!0+/)([0-9]{1,18})/");

    private static final Pattern WAREHOUSE = Pattern.compile("/(?:warehouses|endpoints)/([A-Za-z0-9_-]{1,64})");
    private static final Pattern AZURE_HOST = Pattern.compile("^adb-([0-9]{1,18})\\..+");

    private WorkspaceIds() {}

    /**
     * The workspace's id: {@code ?o=} or {@code /o/<id>/} in the HTTP path, else an {@code adb-<id>.} host name.
     *
     * @param host the host name in lower case
     * @return null when neither tells
     */
    public static @Nullable Long workspaceId(@Nullable String httpPath, String host) {
        Long id = number(orgId(httpPath));
        return id == null ? number(find(AZURE_HOST, host)) : id;
    }

    /**
     * The organisation's id for {@code x-databricks-org-id}: {@code ?o=} in an HTTP path, or {@code /o/<id>/} in a
     * cluster's; null without either.
     */
    public static @Nullable String orgId(@Nullable String httpPath) {
        String inQuery = find(QUERY, httpPath);
        return inQuery == null ? find(CLUSTER_PATH, httpPath) : inQuery;
    }

    /** The warehouse's id in an HTTP path; null on a cluster. */
    public static @Nullable String warehouseId(@Nullable String httpPath) {
        return find(WAREHOUSE, httpPath);
    }

    private static @Nullable String find(Pattern pattern, @Nullable String text) {
        Matcher matcher = pattern.matcher(text == null ? "" : text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static @Nullable Long number(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,18}")) {
            return null;
        }
        long id = Long.parseLong(text);
        return id == 0 ? null : id;
    }
}
