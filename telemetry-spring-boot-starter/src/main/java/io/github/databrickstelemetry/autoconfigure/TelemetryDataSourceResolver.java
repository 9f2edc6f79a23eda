package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.jdbc.databricks.CurrentCredentials;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriver;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriverAdapter;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksUrl;
import io.github.databrickstelemetry.jdbc.databricks.WorkspaceIds;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceDescription;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceResolver;
import io.github.databrickstelemetry.properties.HostProperties.DriverTelemetryMode;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.TelemetrySettings.DataSourceSettings;
import io.github.databrickstelemetry.properties.TelemetrySettings.HostSettings;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.function.SingletonSupplier;

/**
 * Describes each data source of the Databricks driver, and those of other drivers that the properties map to a workspace.
 * Thread-safe.
 */
final class TelemetryDataSourceResolver implements DataSourceResolver {

    private final TelemetrySettings settings;
    private final ApplicationBeans application;
    private final ConfigurableListableBeanFactory beanFactory;
    private final DataSourceNames names;

    TelemetryDataSourceResolver(
            TelemetrySettings settings, ApplicationBeans application, ConfigurableListableBeanFactory beanFactory) {
        this.settings = settings;
        this.application = application;
        this.beanFactory = beanFactory;
        this.names = new DataSourceNames(settings, beanFactory);
    }

    @Override
    public @Nullable DataSourceDescription resolve(String beanName, JdbcSource source) {
        DataSourceSettings properties = settings.dataSource(names.entryFor(beanName));
        DatabricksUrl url = DatabricksUrl.parse(source);
        WorkspaceHost address = address(properties, url);
        return address == null || !settings.enabled() || !properties.enabled()
                ? null
                : describe(beanName, properties, address, source, url);
    }

    /** The reason of a data source of Databricks, or mapped to it, that is switched off; null for any other. */
    @Override
    public @Nullable String reasonAgainst(String beanName, JdbcSource source) {
        String entry = names.entryFor(beanName);
        DataSourceSettings properties = settings.dataSource(entry);
        if (address(properties, DatabricksUrl.parse(source)) == null) {
            return null;
        }
        return properties.enabled()
                ? "telemetry is switched off"
                : "switched off by data-sources." + entry + ".enabled";
    }

    /** Null if neither the properties nor the URL name a workspace. */
    private static @Nullable WorkspaceHost address(DataSourceSettings properties, @Nullable DatabricksUrl url) {
        WorkspaceHost mapped = properties.host().address();
        return mapped == null && url != null ? url.host() : mapped;
    }

    /** @param written the URL as the application wrote it, or null for a data source of another driver */
    private DataSourceDescription describe(
            String name,
            DataSourceSettings properties,
            WorkspaceHost address,
            JdbcSource source,
            @Nullable DatabricksUrl written) {
        HostSettings host = properties.host();
        Map<String, String> tags = settings.queryTags().forDataSource(name);
        DatabricksUrl url = written == null
                ? null
                : written.withHttpPath(properties.httpPath()).withQueryTags(tags);
        String httpPath = url == null ? properties.httpPath() : url.httpPath();
        Long workspaceId =
                host.workspaceId() == null ? WorkspaceIds.workspaceId(httpPath, address.host()) : host.workspaceId();
        ConnectionDetails details = url == null
                ? new ConnectionDetails(null, null, null, httpPath, null, null, null, Map.of())
                : url.details(beanFactory.getBeanClassLoader());
        return new DataSourceDescription(
                address,
                () -> new TelemetryTarget(
                        address,
                        url != null && address.equals(url.host()),
                        application.credentials(
                                host,
                                address,
                                url == null ? null : CurrentCredentials.of(source, host.settings(), host::transport),
                                name),
                        host.transport(url == null ? TransportSettings.DIRECT : url.transport()),
                        workspaceId,
                        url == null ? WorkspaceIds.orgId(httpPath) : url.orgId(),
                        host.settings()),
                details,
                new LocalDataSource(
                        name,
                        url == null ? null : url.namespace(),
                        WorkspaceIds.warehouseId(httpPath),
                        workspaceId,
                        address.scheme()),
                localContext(),
                // Also for another driver: its data source may use one of the Databricks driver.
                new DatabricksDriverAdapter(),
                url != null && host.driverTelemetry() == DriverTelemetryMode.REPLACE
                        ? DatabricksDriver.TELEMETRY_OFF
                        : Map.of(),
                url == null || tags.isEmpty() ? Map.of() : url.queryTags());
    }

    /** Looked up with the first session, so that no bean is created early. */
    private Supplier<LocalContext> localContext() {
        return SingletonSupplier.of(
                () -> beanFactory.getBeanProvider(LocalContext.class).getIfAvailable(() -> LocalContext.NONE));
    }
}
