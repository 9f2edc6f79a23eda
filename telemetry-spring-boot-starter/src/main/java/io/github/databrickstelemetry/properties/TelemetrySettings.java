package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.EngineSettings;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/** The properties as validated settings of the engine, of each host and of each data source. Thread-safe. */
public final class TelemetrySettings {

    private final EngineSettings engine;
    private final InsightProperties insight;
    private final QueryTags queryTags;
    private final ClientProfile common;
    private final Map<String, HostProfile> hosts;
    private final Map<String, DataSourceProfile> dataSources;

    /** @param common the profile of each client without an entry under {@code hosts} */
    TelemetrySettings(
            EngineSettings engine,
            InsightProperties insight,
            QueryTags queryTags,
            ClientProfile common,
            Map<String, HostProfile> hosts,
            Map<String, DataSourceProfile> dataSources) {
        this.engine = engine;
        this.insight = insight;
        this.queryTags = queryTags;
        this.common = common;
        this.hosts = Map.copyOf(hosts);
        this.dataSources = Map.copyOf(dataSources);
    }

    /** The settings without any property. */
    public static TelemetrySettings defaults() {
        return new TelemetrySettings(
                EngineSettings.DEFAULTS,
                new InsightProperties(),
                QueryTags.none(),
                ClientProfile.DEFAULTS,
                Map.of(),
                Map.of());
    }

    /**
     * Validates and converts the properties.
     *
     * @param environment gives the entries under {@code hosts}, which are bound over the properties that hold for all
     * @param sslBundles finds a bundle by name, called again for each request; throws if there is none
     * @throws InvalidTelemetryPropertyException if a value is not allowed
     */
    public static TelemetrySettings of(
            TelemetryProperties properties, Environment environment, Function<String, SslBundle> sslBundles) {
        return new SettingsReader(properties, environment, sslBundles).read();
    }

    public EngineSettings engine() {
        return engine;
    }

    /** What the application's own tools show. Not to be changed. */
    public InsightProperties insight() {
        return insight;
    }

    public QueryTags queryTags() {
        return queryTags;
    }

    /** The entry under {@code hosts} with this name, or null. */
    public @Nullable HostProfile host(String name) {
        return hosts.get(name);
    }

    /** The entry under {@code data-sources} with this name, or the defaults. */
    public DataSourceProfile dataSource(String name) {
        DataSourceProfile profile = dataSources.get(name);
        return profile != null ? profile : DataSourceProfile.DEFAULTS;
    }

    /** The profile of a data source's client: that of the entry under {@code hosts} that it refers to, else the common one. */
    public ClientProfile client(DataSourceProfile dataSource) {
        return dataSource.entry() == null ? common : dataSource.entry().client();
    }

    /** The names of the entries under {@code data-sources}. */
    public Set<String> dataSourceNames() {
        return new TreeSet<>(dataSources.keySet());
    }
}
