package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.properties.HostProperties.DriverTelemetryMode;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.AbstractEnvironment;
import org.springframework.core.env.Environment;

/**
 * The properties as validated settings of the engine, of each host and of each data source. Immutable.
 *
 * @param enabled false if telemetry was on when ahead-of-time processing ran, and is off now
 * @param insight what the application's own tools show
 * @param common what holds for a workspace without an entry under {@code hosts}
 * @param hosts the entries under {@code hosts} by name
 * @param dataSources the entries under {@code data-sources}, sorted by name
 */
public record TelemetrySettings(
        boolean enabled,
        EngineSettings engine,
        TelemetryProperties.Insight insight,
        QueryTags queryTags,
        HostSettings common,
        Map<String, HostSettings> hosts,
        Map<String, DataSourceSettings> dataSources) {

    public TelemetrySettings {
        hosts = Map.copyOf(hosts);
        dataSources = Collections.unmodifiableMap(new TreeMap<>(dataSources));
    }

    /** The settings of an application whose telemetry is switched off: those without any property. */
    public static TelemetrySettings disabled() {
        TelemetryProperties none = new Binder(List.of()).bindOrCreate("", TelemetryProperties.class);
        return new SettingsReader(none, new AbstractEnvironment() {}, bundle -> SslBundle.systemDefault()).read(false);
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
        return new SettingsReader(properties, environment, sslBundles).read(true);
    }

    /** The entry under {@code hosts} with this name, or what holds without one. */
    public HostSettings host(String name) {
        return hosts.getOrDefault(name, common);
    }

    /** The entry under {@code data-sources} with this name, or what holds without one. */
    public DataSourceSettings dataSource(String name) {
        return dataSources.getOrDefault(name, new DataSourceSettings(true, null, common));
    }

    /**
     * A workspace. Immutable.
     *
     * @param address null for that of the JDBC URL
     * @param token replaces the data source's credentials, or null
     * @param workspaceId the workspace's numeric id, or null
     * @param proxy replaces the data source's proxy, or null
     * @param tls replaces the data source's trust, or null
     */
    public record HostSettings(
            boolean enabled,
            @Nullable WorkspaceHost address,
            @Nullable BearerToken token,
            @Nullable Long workspaceId,
            ClientSettings settings,
            DriverTelemetryMode driverTelemetry,
            @Nullable ProxySettings proxy,
            @Nullable TlsSettings tls) {

        /** Proxy and trust for requests to the workspace: those of the properties, else the data source's own. */
        public TransportSettings transport(TransportSettings own) {
            return new TransportSettings(proxy == null ? own.proxy() : proxy, tls == null ? own.tls() : tls);
        }

        HostSettings at(WorkspaceHost other) {
            return new HostSettings(enabled, other, token, workspaceId, settings, driverTelemetry, proxy, tls);
        }
    }

    /**
     * A data source. Immutable.
     *
     * @param enabled whether it is instrumented
     * @param httpPath replaces the HTTP path of the JDBC URL, or null
     * @param host its workspace
     */
    public record DataSourceSettings(
            boolean enabled, @Nullable String httpPath, HostSettings host) {

        /** Without the HTTP path, because a pasted URL may contain a token. */
        @Override
        public String toString() {
            return "DataSourceSettings[enabled=" + enabled + "]";
        }
    }

    /**
     * A token that the application supplies. Read before each request; never printed.
     *
     * @param identity names the source
     * @param token the token now, or null
     */
    public record BearerToken(String identity, Supplier<@Nullable String> token) implements CredentialSource {

        @Override
        public @Nullable String authorization() {
            String current = token.get();
            return current == null || current.isBlank() ? null : "Bearer " + current;
        }

        @Override
        public String toString() {
            return identity;
        }
    }
}
