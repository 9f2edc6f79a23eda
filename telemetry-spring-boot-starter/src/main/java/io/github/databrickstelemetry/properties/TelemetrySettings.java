package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.EngineSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/**
 * The properties as validated settings of the engine, of each host and of each data source. Thread-safe.
 *
 * @param insight what the application's own tools show; not to be changed
 * @param common the profile of each client without an entry under {@code hosts}
 * @param hosts the entries under {@code hosts} by name
 * @param dataSources the entries under {@code data-sources} by name
 */
public record TelemetrySettings(
        EngineSettings engine,
        InsightProperties insight,
        QueryTags queryTags,
        ClientProfile common,
        Map<String, HostProfile> hosts,
        Map<String, DataSourceProfile> dataSources) {

    public TelemetrySettings {
        hosts = Map.copyOf(hosts);
        dataSources = Map.copyOf(dataSources);
    }

    /** The settings without any property. */
    public static TelemetrySettings defaults() {
        return new TelemetrySettings(
                EngineSettings.DEFAULTS,
                new Binder(List.of()).bindOrCreate("", InsightProperties.class),
                QueryTags.none(),
                ClientProfile.DEFAULTS,
                Map.of(),
                Map.of());
    }

    /**
     * Validates and converts the properties.
     *
     * @param environment contains the entries under {@code hosts}, which are bound over the properties that hold for all
     * @param sslBundles finds a bundle by name, called again for each request; throws if there is none
     * @throws InvalidTelemetryPropertyException if a value is not allowed
     */
    public static TelemetrySettings of(
            TelemetryProperties properties, Environment environment, Function<String, SslBundle> sslBundles) {
        return new SettingsReader(properties, environment, sslBundles).read();
    }

    /** The entry under {@code hosts} with this name, or null. */
    public @Nullable HostProfile host(String name) {
        return hosts.get(name);
    }

    /** The entry under {@code data-sources} with this name, or the defaults. */
    public DataSourceProfile dataSource(String name) {
        return dataSources.getOrDefault(name, DataSourceProfile.DEFAULTS);
    }

    /** The profile of a data source's client: that of its entry under {@code hosts}, else the common one. */
    public ClientProfile client(DataSourceProfile dataSource) {
        return dataSource.entry() == null ? common : dataSource.entry().client();
    }

    /** The names of the entries under {@code data-sources}, sorted. */
    public Set<String> dataSourceNames() {
        return new TreeSet<>(dataSources.keySet());
    }
}
