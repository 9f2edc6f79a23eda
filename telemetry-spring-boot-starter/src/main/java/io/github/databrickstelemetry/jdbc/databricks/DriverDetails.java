package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.event.ConnectionDetails;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A data source's parameters in the words of the telemetry service. Numbers are what counts for the driver, its
 * defaults included; of the switches only those that are on, because an absent one means off. Nothing that names a
 * person, a file or a further host. Stateless.
 */
final class DriverDetails {

    private static final Pattern CLUSTER = Pattern.compile(".*/o/.+/.+|.*cliservice.*");

    private DriverDetails() {}

    static ConnectionDetails of(DatabricksUrl url, @Nullable String driverVersion) {
        String mechanism = switch (url.number("AuthMech", 3)) {
            case 3 -> "PAT";
            case 11 -> "OAUTH";
            default -> "OTHER";
        };
        return new ConnectionDetails(
                // As the driver calls itself towards Databricks.
                "oss-jdbc",
                driverVersion,
                url.authentication().type(),
                url.httpPath(),
                mode(url),
                mechanism,
                mechanism.equals("OAUTH") ? oauthFlow(url.number("Auth_Flow", 0)) : null,
                wire(url));
    }

    private static @Nullable String oauthFlow(int flow) {
        return switch (flow) {
            case 0 -> "TOKEN_PASSTHROUGH";
            case 1 -> "CLIENT_CREDENTIALS";
            case 2 -> "BROWSER_BASED_AUTHENTICATION";
            case 3 -> "AZURE_MANAGED_IDENTITIES";
            default -> null;
        };
    }

    /** Null where the URL leaves it to the server, which decides with the first session. */
    private static @Nullable String mode(DatabricksUrl url) {
        // Any path that the driver takes, even one that is not sent to the service.
        String httpPath = url.get("httpPath");
        if (httpPath == null) {
            return null;
        }
        boolean cluster = WorkspaceIds.warehouseId(httpPath) == null
                && CLUSTER.matcher(httpPath).matches();
        String thrift = url.get("UseThriftClient");
        if (cluster || "1".equals(thrift)) {
            return "THRIFT";
        }
        if ("0".equals(thrift)) {
            return "SEA";
        }
        return url.isOn("TreatMetadataCatalogNameAsPattern", false) ? "THRIFT" : null;
    }

    private static Map<String, Object> wire(DatabricksUrl url) {
        Map<String, Object> wire = new HashMap<>(url.queryTags());
        wire.put("socket_timeout", url.number("socketTimeout", 900));
        wire.put("string_column_length", url.number("DefaultStringColumnLength", 255));
        wire.put("http_connection_pool_size", url.number("HttpConnectionPoolSize", 100));
        wire.put("rows_fetched_per_block", url.number("RowsFetchedPerBlock", 100_000));
        wire.put("async_poll_interval_millis", url.number("AsyncExecPollInterval", 200));
        // Arrow cannot be switched off any more; the driver ignores what the parameter says.
        wire.put("enable_arrow", true);
        boolean fetchAutoCommit = url.isOn("FetchAutoCommitFromServer", false);
        wire.put("fetch_auto_commit_from_server", fetchAutoCommit);
        // A JDBC connection begins with auto-commit; otherwise it takes a request to know.
        wire.put("auto_commit", !fetchAutoCommit);
        boolean directResults = url.isOn("EnableSQLExecDirectResults", true);
        wire.put("enable_direct_results", url.isOn("EnableDirectResults", directResults));
        wire.put("use_proxy", url.isOn("UseProxy", false));
        wire.put("use_system_proxy", url.isOn("UseSystemProxy", false));
        wire.put("use_cf_proxy", url.isOn("UseCFProxy", false));
        wire.put("use_system_trust_store", url.isOn("UseSystemTrustStore", false));
        wire.put("enable_metric_view_metadata", url.isOn("EnableMetricViewMetadata", false));
        wire.put("enable_complex_datatype_support", url.isOn("EnableComplexDatatypeSupport", false));
        wire.put("enable_geospatial_support", url.isOn("EnableGeoSpatialSupport", true));
        wire.values().removeIf(Boolean.FALSE::equals);
        String scope = url.get("Auth_Scope");
        if (scope != null && scope.matches("[A-Za-z0-9_.:/ ,-]{1,256}")) {
            wire.put("auth_scope", scope);
        }
        return wire;
    }
}
