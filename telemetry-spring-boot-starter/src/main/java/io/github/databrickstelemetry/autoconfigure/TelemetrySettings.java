package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.EngineSettings;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The properties as checked settings: those of the engine, of every host, of every data source. Immutable. */
final class TelemetrySettings {

    /** What holds where nobody wrote anything. */
    static final TelemetrySettings DEFAULTS =
            new TelemetrySettings(EngineSettings.DEFAULTS, ClientProfile.DEFAULTS, Map.of(), Map.of());

    private final EngineSettings engine;
    private final ClientProfile common;
    private final Map<String, HostProfile> hosts;
    private final Map<String, DataSourceProfile> dataSources;

    /** @param common what holds for clients that are told nothing else */
    TelemetrySettings(
            EngineSettings engine,
            ClientProfile common,
            Map<String, HostProfile> hosts,
            Map<String, DataSourceProfile> dataSources) {
        this.engine = engine;
        this.common = common;
        this.hosts = Map.copyOf(hosts);
        this.dataSources = Map.copyOf(dataSources);
    }

    EngineSettings engine() {
        return engine;
    }

    /** The entry under {@code hosts} with this name, or null. */
    @Nullable
    HostProfile host(String name) {
        return hosts.get(name);
    }

    /** What the entry under {@code data-sources} with this name says, or what holds without one. */
    DataSourceProfile dataSource(String name) {
        DataSourceProfile profile = dataSources.get(name);
        return profile != null ? profile : new DataSourceProfile(true, null, null, null, common);
    }

    /** The entries under {@code data-sources}. */
    Set<String> dataSourceNames() {
        return new TreeSet<>(dataSources.keySet());
    }
}
