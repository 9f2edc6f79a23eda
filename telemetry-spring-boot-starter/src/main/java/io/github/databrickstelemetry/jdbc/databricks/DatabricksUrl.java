package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Databricks data source tells of itself: a JDBC URL and connection properties, read as the driver reads them.
 * Parsed once, at start-up; does no network I/O. Immutable; prints neither the URL nor a secret.
 *
 * <p>Only what the driver accepts is claimed: {@code jdbc:databricks://…}. The {@code jdbc:spark://…} of older drivers
 * is not, since this driver refuses it.
 */
public final class DatabricksUrl {

    /** As in the driver: host, port, schema, parameters. */
    private static final Pattern URL =
            Pattern.compile("jdbc:databricks://([^/;:]+)(?::([^/;:]*))?(?:/([^;]*))?(?:;(.*))?");

    private static final Pattern HTTP_PATH = Pattern.compile("[\\x21-\\x7e]{1,512}");

    private static final String QUERY_TAGS = "query_tags";
    /** More query tags are refused by the server. */
    private static final int MAX_TAGS = 20;
    /** A comma or a colon after a backslash is part of a query tag. */
    private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

    private static final Pattern COLON = Pattern.compile("(?<!\\\\):");

    private final WorkspaceHost host;
    private final @Nullable String schema;
    /** Keys in whatever case. Never changed. */
    private final Map<String, String> parameters;

    private DatabricksUrl(WorkspaceHost host, @Nullable String schema, Map<String, String> parameters) {
        this.host = host;
        this.schema = schema;
        this.parameters = parameters;
    }

    /**
     * Reads a data source's URL and properties.
     *
     * @return null when the driver would not accept the URL, or could not connect to what it names
     */
    public static @Nullable DatabricksUrl parse(JdbcSource source) {
        Matcher url = URL.matcher(source.url() == null ? "" : source.url());
        if (!url.matches()) {
            return null;
        }
        Map<String, String> parameters = parameters(url.group(4), source);
        String port = parameters.getOrDefault("port", url.group(2) == null ? "443" : url.group(2));
        String scheme = "0".equals(parameters.get("ssl")) ? "http://" : "https://";
        try {
            WorkspaceHost host = WorkspaceHost.parse(scheme + url.group(1) + ":" + port);
            return new DatabricksUrl(host, url.group(3), parameters);
        } catch (IllegalArgumentException noHost) {
            return null;
        }
    }

    /** As the driver reads them: the URL beats the properties, the last of several wins. */
    private static Map<String, String> parameters(@Nullable String inUrl, JdbcSource source) {
        Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (source.user() != null) {
            values.put("user", source.user());
        }
        if (source.password() != null) {
            values.put("password", source.password());
        }
        source.properties().forEach((key, value) -> values.put(key.toString(), value.toString()));
        for (String part : (inUrl == null ? "" : inUrl).split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals >= 0) {
                values.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return values;
    }

    /** The first of these parameters that is there, or null. Empty ones count as not there. */
    @Nullable
    String get(String... keys) {
        for (String key : keys) {
            String value = parameters.get(key);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    /** Whether a switch is on. The driver knows 1 for on, and takes anything else for off. */
    boolean isOn(String key, boolean byDefault) {
        String value = parameters.get(key);
        return value == null ? byDefault : value.equals("1");
    }

    /** The value as a number; the default if the value is absent or not a number. */
    int number(String key, int byDefault) {
        String value = get(key);
        if (value == null) {
            return byDefault;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException notANumber) {
            return byDefault;
        }
    }

    private DatabricksUrl with(String key, String value) {
        Map<String, String> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        changed.putAll(parameters);
        changed.put(key, value);
        return new DatabricksUrl(host, schema, changed);
    }

    /** The same data source with another HTTP path, for example one from the application's properties; null for none. */
    public DatabricksUrl withHttpPath(@Nullable String httpPath) {
        return httpPath == null ? this : with("httpPath", httpPath);
    }

    /**
     * The same data source with query tags of the application, as far as it has none of the same key. At most
     * 20 in all; further ones are left out.
     *
     * @param tags keys and values that need no escape
     */
    public DatabricksUrl withQueryTags(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return this;
        }
        String own = get(QUERY_TAGS);
        StringJoiner merged = new StringJoiner(",");
        Set<String> keys = new HashSet<>();
        for (String tag : COMMA.split(own == null ? "" : own, -1)) {
            if (!tag.isBlank()) {
                merged.add(tag);
                keys.add(COLON.split(tag, 2)[0].strip());
            }
        }
        tags.forEach((key, value) -> {
            if (keys.size() < MAX_TAGS && keys.add(key)) {
                merged.add(key + ":" + value);
            }
        });
        return with(QUERY_TAGS, merged.toString());
    }

    /** The driver property that sets the query tags; empty without tags. */
    public Map<String, String> queryTags() {
        String tags = get(QUERY_TAGS);
        return tags == null ? Map.of() : Map.of(QUERY_TAGS, tags);
    }

    /** The workspace. Its scheme is {@code http} only where the URL says {@code ssl=0}. */
    public WorkspaceHost host() {
        return host;
    }

    /** The warehouse's or cluster's HTTP path, or null when there is none. */
    public @Nullable String httpPath() {
        String path = get("httpPath");
        return path != null && HTTP_PATH.matcher(path).matches() ? path : null;
    }

    /**
     * The value for {@code x-databricks-org-id}: the one that the driver sends, else the id in a cluster's path, or null
     * if there is neither.
     */
    public @Nullable String orgId() {
        String header = get("http.header.x-databricks-org-id");
        return header != null && header.matches("[A-Za-z0-9_-]{1,64}") ? header : WorkspaceIds.orgId(httpPath());
    }

    /** The proxy and the trust of the data source. */
    public TransportSettings transport() {
        return DriverTransport.of(this, DatabricksDriver.version(DatabricksUrl.class.getClassLoader()));
    }

    /**
     * What is the same for all sessions of the data source.
     *
     * @param driver the class loader that finds the driver, for its version
     */
    public ConnectionDetails details(ClassLoader driver) {
        return DriverDetails.of(this, DatabricksDriver.version(driver));
    }

    /** Catalog and schema as far as the URL names them: {@code catalog.schema}, or one of the two, or null. */
    public @Nullable String namespace() {
        String catalog = get("ConnCatalog");
        String named = get("ConnSchema");
        String inSchema = named == null ? schema : named;
        if (inSchema == null || inSchema.isBlank()) {
            return catalog;
        }
        return catalog == null ? inSchema : catalog + "." + inSchema;
    }

    /** How the data source proves who it is. */
    DatabricksAuthentication authentication() {
        return DatabricksAuthentication.of(this);
    }

    /** The host only. */
    @Override
    public String toString() {
        return "DatabricksUrl[" + host + "]";
    }
}
