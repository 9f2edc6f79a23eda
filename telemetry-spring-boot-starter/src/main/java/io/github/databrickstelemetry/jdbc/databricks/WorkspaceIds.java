package io.github.databrickstelemetry.jdbc.databricks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the ids of a workspace and its warehouse in an HTTP path and a host name. Stateless. */
public final class WorkspaceIds {

    private static final Pattern QUERY = Pattern.compile("[?&]o=([A-Za-z0-9_-]{1,64})(?:&|#|$)");
    private static final Pattern CLUSTER_PATH = Pattern.compile("/o/([0-9]{1,18})/");
    private static final Pattern WAREHOUSE = Pattern.compile("/(?:warehouses|endpoints)/([A-Za-z0-9_-]{1,64})");
    private static final Pattern AZURE_HOST = Pattern.compile("adb-([0-9]{1,18})\\..+");

    private WorkspaceIds() {}

    /**
     * The workspace's id: {@code ?o=} or {@code /o/<id>/} in the HTTP path, else an {@code adb-<id>.} host name.
     *
     * @param httpPath the HTTP path, or null when not known
     * @param host the host name in lower case
     * @return null when neither tells
     */
    public static @Nullable Long workspaceId(@Nullable String httpPath, String host) {
        Long id = number(orgId(httpPath));
        if (id == null) {
            Matcher azure = AZURE_HOST.matcher(host);
            id = azure.matches() ? number(azure.group(1)) : null;
        }
        return id;
    }

    /**
     * The organisation's id for {@code x-databricks-org-id}: {@code ?o=} in an HTTP path, or {@code /o/<id>/} in a
     * cluster's; null without either.
     */
    public static @Nullable String orgId(@Nullable String httpPath) {
        if (httpPath == null) {
            return null;
        }
        Matcher query = QUERY.matcher(httpPath);
        if (query.find()) {
            return query.group(1);
        }
        Matcher cluster = CLUSTER_PATH.matcher(httpPath);
        // A 0 in place of the id means none.
        return cluster.find() && number(cluster.group(1)) != null ? cluster.group(1) : null;
    }

    /** An HTTP path without its query, but for the organisation's id; null for null. */
    static @Nullable String withoutQuery(@Nullable String httpPath) {
        int query = httpPath == null ? -1 : httpPath.indexOf('?');
        if (httpPath == null || query < 0) {
            return httpPath;
        }
        String path = httpPath.substring(0, query);
        Matcher org = QUERY.matcher(httpPath);
        return org.find() ? path + "?o=" + org.group(1) : path;
    }

    /** The warehouse's id in an HTTP path; null on a cluster. */
    public static @Nullable String warehouseId(@Nullable String httpPath) {
        Matcher warehouse = WAREHOUSE.matcher(httpPath == null ? "" : httpPath);
        return warehouse.find() ? warehouse.group(1) : null;
    }

    private static @Nullable Long number(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,18}")) {
            return null;
        }
        long id = Long.parseLong(text);
        return id == 0 ? null : id;
    }
}
