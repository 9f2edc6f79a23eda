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
import io.github.databrickstelemetry.properties.ClientProfile;
import io.github.databrickstelemetry.properties.DataSourceProfile;
import io.github.databrickstelemetry.properties.DriverTelemetryMode;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.TelemetrySwitch;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Describes each data source of the Databricks driver, and those of other drivers that the properties map to a workspace.
 * Thread-safe.
 */
final class TelemetryDataSourceResolver implements DataSourceResolver {

    private final TelemetrySettings settings;
    private final ApplicationBeans application;
    private final Environment environment;
    private final ConfigurableListableBeanFactory beanFactory;

    TelemetryDataSourceResolver(
            TelemetrySettings settings,
            ApplicationBeans application,
            Environment environment,
            ConfigurableListableBeanFactory beanFactory) {
        this.settings = settings;
        this.application = application;
        this.environment = environment;
        this.beanFactory = beanFactory;
    }

    @Override
    public @Nullable DataSourceDescription resolve(String beanName, JdbcSource source) {
        // Read again, because ahead-of-time processing freezes the condition of the auto-configuration.
        if (!TelemetrySwitch.isOn(environment)) {
            return null;
        }
        DataSourceProfile profile = settings.dataSource(entryFor(beanName));
        DatabricksUrl written = DatabricksUrl.parse(source);
        WorkspaceHost host = host(profile, written);
        return profile.enabled() && host != null ? describe(beanName, profile, source, written, host) : null;
    }

    /** The reason of a data source of Databricks, or mapped to it, that is switched off; null for any other. */
    @Override
    public @Nullable String reasonAgainst(String beanName, JdbcSource source) {
        String entry = entryFor(beanName);
        DataSourceProfile profile = settings.dataSource(entry);
        if (host(profile, DatabricksUrl.parse(source)) == null) {
            return null;
        }
        return profile.enabled() ? "telemetry is switched off" : "switched off by data-sources." + entry + ".enabled";
    }

    private String entryFor(String beanName) {
        return new DataSourceNames(settings, beanFactory).entryFor(beanName);
    }

    /** Null if neither the properties nor the URL name a workspace. */
    private static @Nullable WorkspaceHost host(DataSourceProfile profile, @Nullable DatabricksUrl url) {
        WorkspaceHost mapped = profile.host();
        return mapped == null && url != null ? url.host() : mapped;
    }

    /** @param written the URL as the application wrote it, or null for a data source of another driver */
    private DataSourceDescription describe(
            String name,
            DataSourceProfile profile,
            JdbcSource source,
            @Nullable DatabricksUrl written,
            WorkspaceHost host) {
        Map<String, String> tags = settings.queryTags().forDataSource(name);
        DatabricksUrl url =
                written == null ? null : withProfile(written, profile).withQueryTags(tags);
        String httpPath = url == null ? profile.httpPath() : url.httpPath();
        Long workspaceId = workspaceId(profile, httpPath, host);
        ConnectionDetails details = url == null
                ? new ConnectionDetails(null, null, null, httpPath, null, null, null, Map.of())
                : url.details(beanFactory.getBeanClassLoader());
        boolean replace = settings.client(profile).driverTelemetry() == DriverTelemetryMode.REPLACE;
        return new DataSourceDescription(
                name,
                host,
                () -> target(name, profile, source, url, host, workspaceId),
                () -> details,
                url == null
                        ? new LocalDataSource(
                                name, null, WorkspaceIds.warehouseId(httpPath), workspaceId, host.scheme())
                        : url.local(name, host, workspaceId),
                localContext(),
                // Also for another driver: its data source may use one of the Databricks driver.
                new DatabricksDriverAdapter(),
                url != null && replace ? DatabricksDriver.TELEMETRY_OFF : Map.of(),
                url == null || tags.isEmpty() ? Map.of() : url.queryTags());
    }

    private static DatabricksUrl withProfile(DatabricksUrl url, DataSourceProfile profile) {
        String httpPath = profile.httpPath();
        return httpPath == null ? url : url.withHttpPath(httpPath);
    }

    private TelemetryTarget target(
            String name,
            DataSourceProfile profile,
            JdbcSource source,
            @Nullable DatabricksUrl url,
            WorkspaceHost host,
            @Nullable Long workspaceId) {
        ClientProfile client = settings.client(profile);
        CredentialSource own = url == null ? null : CurrentCredentials.of(source, client.settings(), client::transport);
        return new TelemetryTarget(
                host,
                url != null && host.equals(url.host()),
                new Credentials(application).choose(profile.entry(), own, host, name),
                client.transport(url == null ? TransportSettings.DIRECT : url.transport()),
                workspaceId,
                orgId(profile, url == null ? WorkspaceIds.orgId(profile.httpPath()) : url.orgId()),
                client.settings());
    }

    /** Looked up with the first session, so that no bean is created early. */
    private Supplier<LocalContext> localContext() {
        return SingletonSupplier.of(
                () -> beanFactory.getBeanProvider(LocalContext.class).getIfAvailable(() -> LocalContext.NONE));
    }

    /** The organisation's id, which a unified host needs: that of the HTTP path, else {@code workspace-id}. */
    private static @Nullable String orgId(DataSourceProfile profile, @Nullable String ofHttpPath) {
        Long given = profile.entry() == null ? null : profile.entry().workspaceId();
        return ofHttpPath == null && given != null ? given.toString() : ofHttpPath;
    }

    private static @Nullable Long workspaceId(
            DataSourceProfile profile, @Nullable String httpPath, WorkspaceHost host) {
        Long given = profile.entry() == null ? null : profile.entry().workspaceId();
        return given != null ? given : WorkspaceIds.workspaceId(httpPath, host.host());
    }
}
