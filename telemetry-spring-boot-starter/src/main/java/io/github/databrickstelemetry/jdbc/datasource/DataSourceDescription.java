package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How one data source is instrumented. Immutable; holds no secret in printable form.
 *
 * @param host the workspace
 * @param target where its metrics go; asked for with its first connection
 * @param details what is the same for all its sessions
 * @param local the data source as the application's own tools see it
 * @param context what the application's own tools want of each statement; asked for with each session
 * @param adapter what knows its driver's objects
 * @param driverOverrides driver properties to set below the pool, or in the bean (the driver's own telemetry off): in the
 *     connection properties, where they replace keys of any case; below a pool also in a URL that sets them
 * @param queryTags driver properties to set in the same way, for query tags of the sessions
 */
public record DataSourceDescription(
        WorkspaceHost host,
        Supplier<TelemetryTarget> target,
        ConnectionDetails details,
        LocalDataSource local,
        Supplier<LocalContext> context,
        DriverAdapter adapter,
        Map<String, String> driverOverrides,
        Map<String, String> queryTags) {

    public DataSourceDescription {
        driverOverrides = Map.copyOf(driverOverrides);
        queryTags = Map.copyOf(queryTags);
    }
}
