package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.http.TelemetryTarget;
import io.github.databrickstelemetry.jdbc.DataSourceResolver;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.ObservedDataSource;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriverAdapter;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksUrl;
import io.github.databrickstelemetry.jdbc.databricks.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.databricks.WorkspaceIds;
import io.github.databrickstelemetry.privacy.WorkspaceHost;
import java.util.Map;
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
    private final Credentials credentials;
    private final Environment environment;
    private final ConfigurableListableBeanFactory beanFactory;

    TelemetryDataSourceResolver(
            TelemetrySettings settings,
            Credentials credentials,
            Environment environment,
            ConfigurableListableBeanFactory beanFactory) {
        this.settings = settings;
        this.credentials = credentials;
        this.environment = environment;
        this.beanFactory = beanFactory;
    }

    @Override
    public @Nullable ObservedDataSource resolve(String beanName, JdbcSource source) {
        // Asked again although the auto-configuration was conditional: ahead-of-time processing froze that answer.
        if (!TelemetrySwitch.isOn(environment)) {
            return null;
        }
        DataSourceProfile profile = settings.dataSource(entryFor(beanName));
        if (!profile.enabled()) {
            return null;
        }
        DatabricksUrl url = DatabricksUrl.parse(source);
        return url == null ? ofOtherDriver(beanName, profile) : ofDatabricks(beanName, profile, url);
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
        return settings.dataSourceNames().isEmpty()
                ? beanName
                : new DataSourceNames(settings, beanFactory).entryFor(beanName);
    }

    private ObservedDataSource ofDatabricks(String name, DataSourceProfile profile, DatabricksUrl written) {
        DatabricksUrl url = profile.httpPath() == null ? written : written.withHttpPath(profile.httpPath());
        WorkspaceHost host = profile.host() == null ? url.host() : profile.host();
        TelemetryTarget target = new TelemetryTarget(
                host,
                profile.host() == null || host.equals(url.host()),
                credentials.choose(profile.entry(), url.credentials(), host, name),
                profile.client().transport(url.transport()),
                workspaceId(profile, url.httpPath(), host),
                url.orgId(),
                profile.client().settings());
        boolean replace = profile.client().driverTelemetry() == DriverTelemetryMode.REPLACE;
        return new ObservedDataSource(
                name,
                target,
                // Only a connection needs them.
                SingletonSupplier.of(() -> url.details(beanFactory.getBeanClassLoader())),
                new DatabricksDriverAdapter(),
                replace ? DriverTelemetry.OFF : Map.of());
    }

    /** Null where nobody says which workspace it belongs to. */
    private @Nullable ObservedDataSource ofOtherDriver(String name, DataSourceProfile profile) {
        WorkspaceHost host = profile.host();
        if (host == null) {
            return null;
        }
        String httpPath = profile.httpPath();
        TelemetryTarget target = new TelemetryTarget(
                host,
                false,
                credentials.choose(profile.entry(), null, host, name),
                profile.client().transport(TransportSettings.DIRECT),
                workspaceId(profile, httpPath, host),
                WorkspaceIds.orgId(httpPath),
                profile.client().settings());
        ConnectionDetails details = new ConnectionDetails(null, null, null, httpPath, null, null, null, Map.of());
        return new ObservedDataSource(name, target, () -> details, DriverAdapter.NONE, Map.of());
    }

    private static @Nullable Long workspaceId(
            DataSourceProfile profile, @Nullable String httpPath, WorkspaceHost host) {
        Long given = profile.entry() == null ? null : profile.entry().workspaceId();
        return given != null ? given : WorkspaceIds.workspaceId(httpPath, host.host());
    }
}
