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

    private static final Pattern WAREHOUSE = Pattern.compile(".*/(?:warehouses|endpoints)/[^?&]+.*");
    private static final Pattern CLUSTER = Pattern.compile(".*/o/.+/.+|.*cliservice.*");

    private DriverDetails() {}

    static ConnectionDetails of(DatabricksUrl url, DriverParameters parameters, @Nullable String driverVersion) {
        String authMech = authMech(parameters);
        return new ConnectionDetails(
                "oss-jdbc",
                driverVersion,
                url.authentication().type(),
                WorkspaceIds.withoutQuery(url.httpPath()),
                mode(parameters),
                authMech,
                authMech.equals("OAUTH") ? authFlow(parameters.number("Auth_Flow", 0)) : null,
                wire(url, parameters));
    }

    private static String authMech(DriverParameters parameters) {
        return switch (parameters.number("AuthMech", 3)) {
            case 3 -> "PAT";
            case 11 -> "OAUTH";
            default -> "OTHER";
        };
    }

    private static @Nullable String authFlow(int flow) {
        return switch (flow) {
            case 0 -> "TOKEN_PASSTHROUGH";
            case 1 -> "CLIENT_CREDENTIALS";
            case 2 -> "BROWSER_BASED_AUTHENTICATION";
            case 3 -> "AZURE_MANAGED_IDENTITIES";
            default -> null;
        };
    }

    /** Null where the URL leaves it to the server, which decides with the first session. */
    private static @Nullable String mode(DriverParameters parameters) {
        String path = parameters.get("httpPath");
        if (path == null) {
            return null;
        }
        if (!WAREHOUSE.matcher(path).matches() && CLUSTER.matcher(path).matches()) {
            return "THRIFT";
        }
        String thrift = parameters.get("UseThriftClient");
        if ("1".equals(thrift)) {
            return "THRIFT";
        }
        if ("0".equals(thrift)) {
            return "SEA";
        }
        return parameters.isOn("TreatMetadataCatalogNameAsPattern", false) ? "THRIFT" : null;
    }

    private static Map<String, Object> wire(DatabricksUrl url, DriverParameters parameters) {
        Map<String, Object> wire = new HashMap<>();
        wire.put("socket_timeout", parameters.number("socketTimeout", 900));
        wire.put("string_column_length", parameters.number("DefaultStringColumnLength", 255));
        wire.put("http_connection_pool_size", parameters.number("HttpConnectionPoolSize", 100));
        wire.put("rows_fetched_per_block", parameters.number("RowsFetchedPerBlock", 100_000));
        wire.put("async_poll_interval_millis", parameters.number("AsyncExecPollInterval", 200));
        // Arrow cannot be switched off any more; the driver ignores what the parameter says.
        wire.put("enable_arrow", true);
        boolean fetchAutoCommit = parameters.isOn("FetchAutoCommitFromServer", false);
        putIfOn(wire, "fetch_auto_commit_from_server", fetchAutoCommit);
        // A JDBC connection begins with auto-commit; otherwise it takes a request to know.
        putIfOn(wire, "auto_commit", !fetchAutoCommit);
        boolean directResults =
                parameters.isOn("EnableDirectResults", parameters.isOn("EnableSQLExecDirectResults", true));
        putIfOn(wire, "enable_direct_results", directResults);
        putIfOn(wire, "use_proxy", parameters.isOn("UseProxy", false));
        putIfOn(wire, "use_system_proxy", parameters.isOn("UseSystemProxy", false));
        putIfOn(wire, "use_cf_proxy", parameters.isOn("UseCFProxy", false));
        putIfOn(wire, "use_system_trust_store", parameters.isOn("UseSystemTrustStore", false));
        putIfOn(wire, "enable_metric_view_metadata", parameters.isOn("EnableMetricViewMetadata", false));
        putIfOn(wire, "enable_complex_datatype_support", parameters.isOn("EnableComplexDatatypeSupport", false));
        putIfOn(wire, "enable_geospatial_support", parameters.isOn("EnableGeoSpatialSupport", true));
        wire.putAll(url.queryTags());
        String scope = parameters.get("Auth_Scope");
        if (scope != null && scope.matches("[A-Za-z0-9_.:/ ,-]{1,256}")) {
            wire.put("auth_scope", scope);
        }
        return wire;
    }

    private static void putIfOn(Map<String, Object> wire, String name, boolean on) {
        if (on) {
            wire.put(name, true);
        }
    }
}
