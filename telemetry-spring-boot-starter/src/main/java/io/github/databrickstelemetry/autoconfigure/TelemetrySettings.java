package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.EngineSettings;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The properties as checked settings: those of the engine, of every host, of every data source. Immutable. */
final class TelemetrySettings {

    /** What holds where nobody wrote anything. */
    static final TelemetrySettings DEFAULTS = new TelemetrySettings(null, ClientProfile.DEFAULTS, Map.of(), Map.of());

    private final @Nullable EngineSettings engine;
    private final ClientProfile common;
    private final Map<String, HostProfile> hosts;
    private final Map<String, DataSourceProfile> dataSources;

    /**
     * @param engine null where nothing is said about it
     * @param common what holds for clients that are told nothing else
     */
    TelemetrySettings(
            @Nullable EngineSettings engine,
            ClientProfile common,
            Map<String, HostProfile> hosts,
            Map<String, DataSourceProfile> dataSources) {
        this.engine = engine;
        this.common = common;
        this.hosts = Map.copyOf(hosts);
        this.dataSources = Map.copyOf(dataSources);
    }

    EngineSettings engine() {
        return engine == null ? EngineSettings.DEFAULTS : engine;
    }

    /** The entry under {@code hosts} with this name, or null. */
    @Nullable
    HostProfile host(String name) {
        return hosts.get(name);
    }

    /** What the entry under {@code data-sources} with this name says, or what holds without one. */
    DataSourceProfile dataSource(String name) {
        DataSourceProfile profile = dataSources.get(name);
        return profile != null ? profile : DataSourceProfile.DEFAULTS;
    }

    /** The settings of a data source's client: those of the named workspace that it refers to, else what holds for all. */
    ClientProfile client(DataSourceProfile dataSource) {
        return dataSource.entry() == null ? common : dataSource.entry().client();
    }

    /** The entries under {@code data-sources}. */
    Set<String> dataSourceNames() {
        return new TreeSet<>(dataSources.keySet());
    }
}
