package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.jdbc.databricks.CurrentCredentials;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriverAdapter;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksUrl;
import io.github.databrickstelemetry.jdbc.databricks.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.databricks.WorkspaceIds;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceDescription;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceResolver;
import io.github.databrickstelemetry.properties.ClientProfile;
import io.github.databrickstelemetry.properties.DataSourceProfile;
import io.github.databrickstelemetry.properties.DriverTelemetryMode;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.TelemetrySwitch;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Observes every data source of the Databricks driver, and those of other drivers that the properties map to a
 * workspace. Thread-safe.
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
        // Asked again although the auto-configuration was conditional: ahead-of-time processing froze that answer.
        if (!TelemetrySwitch.isOn(environment)) {
            return null;
        }
        DataSourceProfile profile = settings.dataSource(entryFor(beanName));
        if (!profile.enabled()) {
            return null;
        }
        DatabricksUrl url = DatabricksUrl.parse(source);
        return url == null ? ofOtherDriver(beanName, profile) : ofDatabricks(beanName, profile, source, url);
    }

    /** Data sources of Databricks, or mapped to it, that are switched off; nobody looks for the others here. */
    @Override
    public @Nullable String reasonAgainst(String beanName, JdbcSource source) {
        String entry = entryFor(beanName);
        DataSourceProfile profile = settings.dataSource(entry);
        if (DatabricksUrl.parse(source) == null && profile.host() == null) {
            return null;
        }
        return profile.enabled() ? "telemetry is switched off" : "switched off by data-sources." + entry + ".enabled";
    }

    private String entryFor(String beanName) {
        return new DataSourceNames(settings, beanFactory).entryFor(beanName);
    }

    private DataSourceDescription ofDatabricks(
            String name, DataSourceProfile profile, JdbcSource source, DatabricksUrl written) {
        Map<String, String> tags = settings.queryTags().forDataSource(name);
        DatabricksUrl url =
                (profile.httpPath() == null ? written : written.withHttpPath(profile.httpPath())).withQueryTags(tags);
        WorkspaceHost host = profile.host() == null ? url.host() : profile.host();
        ConnectionDetails details = url.details(beanFactory.getBeanClassLoader());
        boolean replace = settings.client(profile).driverTelemetry() == DriverTelemetryMode.REPLACE;
        return new DataSourceDescription(
                name,
                host,
                () -> target(name, host, profile, source, url),
                () -> details,
                url.local(name, workspaceId(profile, url.httpPath(), host)),
                localContext(),
                new DatabricksDriverAdapter(),
                replace ? DriverTelemetry.OFF : Map.of(),
                tags.isEmpty() ? Map.of() : url.queryTags());
    }

    private TelemetryTarget target(
            String name, WorkspaceHost host, DataSourceProfile profile, JdbcSource source, DatabricksUrl url) {
        ClientProfile client = settings.client(profile);
        return new TelemetryTarget(
                host,
                profile.host() == null || host.equals(url.host()),
                new Credentials(application).choose(profile.entry(), CurrentCredentials.of(source), host, name),
                client.transport(url.transport()),
                workspaceId(profile, url.httpPath(), host),
                orgId(profile, url.orgId()),
                client.settings());
    }

    /** Null where nobody says which workspace it belongs to. */
    private @Nullable DataSourceDescription ofOtherDriver(String name, DataSourceProfile profile) {
        WorkspaceHost host = profile.host();
        if (host == null) {
            return null;
        }
        String httpPath = profile.httpPath();
        ConnectionDetails details = new ConnectionDetails(null, null, null, httpPath, null, null, null, Map.of());
        return new DataSourceDescription(
                name,
                host,
                () -> target(name, host, profile),
                () -> details,
                new LocalDataSource(
                        name, null, WorkspaceIds.warehouseId(httpPath), workspaceId(profile, httpPath, host)),
                localContext(),
                // Another data source may stand before one of the Databricks driver.
                new DatabricksDriverAdapter(),
                Map.of(),
                Map.of());
    }

    private TelemetryTarget target(String name, WorkspaceHost host, DataSourceProfile profile) {
        ClientProfile client = settings.client(profile);
        return new TelemetryTarget(
                host,
                false,
                new Credentials(application).choose(profile.entry(), null, host, name),
                client.transport(TransportSettings.DIRECT),
                workspaceId(profile, profile.httpPath(), host),
                orgId(profile, WorkspaceIds.orgId(profile.httpPath())),
                client.settings());
    }

    /** Looked up with the first session, so that no bean is created early. */
    private Supplier<LocalContext> localContext() {
        return SingletonSupplier.of(
                () -> beanFactory.getBeanProvider(LocalContext.class).getIfAvailable(() -> LocalContext.NONE));
    }

    /** A unified host needs the organisation's id, wherever it stands. */
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
