package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.privacy.WorkspaceHost;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The properties as checked settings: those of the engine, of every host, of every data source. Immutable.
 *
 * <p>Constructing it is the check: it throws {@link InvalidTelemetryPropertyException} with the property's full name.
 */
final class TelemetrySettings {

    private static final String ROOT = TelemetryProperties.PREFIX + ".";

    private final EngineSettings engine;
    private final ClientProfile common;
    private final Map<String, HostProfile> hosts = new LinkedHashMap<>();
    private final Map<String, DataSourceProfile> dataSources = new LinkedHashMap<>();

    /** @param sslBundles finds the SSL context of a bundle by the bundle's name; throws if there is none */
    TelemetrySettings(TelemetryProperties properties, Function<String, SSLContext> sslBundles) {
        this.engine = engine(properties);
        this.common = profile(ROOT, properties, ClientProfile.DEFAULTS, sslBundles);
        for (Map.Entry<String, TelemetryProperties.Host> entry :
                properties.hosts().entrySet()) {
            hosts.put(entry.getKey(), host(entry.getKey(), entry.getValue(), sslBundles));
        }
        for (Map.Entry<String, TelemetryProperties.DataSource> entry :
                properties.dataSources().entrySet()) {
            dataSources.put(entry.getKey(), dataSource(entry.getKey(), entry.getValue()));
        }
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

    private static EngineSettings engine(TelemetryProperties properties) {
        EngineSettings below = EngineSettings.DEFAULTS;
        try {
            return new EngineSettings(
                    properties.queueCapacity() == null ? below.queueCapacity() : properties.queueCapacity(),
                    properties.closeTimeout() == null ? below.closeTimeout() : properties.closeTimeout());
        } catch (InvalidSettingException invalid) {
            throw InvalidTelemetryPropertyException.of(ROOT, invalid);
        }
    }

    private static ClientProfile profile(
            String prefix, ClientLayer given, ClientProfile below, Function<String, SSLContext> sslBundles) {
        try {
            TelemetryProperties.Export export = given.export();
            String bundle = export == null ? null : export.sslBundle();
            return new ClientProfile(
                    LayeredSettings.client(given, below.settings()),
                    given.driverTelemetry() == null ? below.driverTelemetry() : given.driverTelemetry(),
                    LayeredSettings.proxy(export == null ? null : export.proxy(), below.proxy()),
                    bundle == null ? below.sslContext() : sslContext(prefix, bundle, sslBundles));
        } catch (InvalidSettingException invalid) {
            throw InvalidTelemetryPropertyException.of(prefix, invalid);
        }
    }

    private static SSLContext sslContext(String prefix, String bundle, Function<String, SSLContext> sslBundles) {
        try {
            return sslBundles.apply(bundle);
        } catch (RuntimeException failure) {
            throw new InvalidTelemetryPropertyException(
                    prefix + "export.ssl-bundle",
                    "names the SSL bundle '" + bundle + "', which cannot be used",
                    "the name of an SSL bundle under spring.ssl.bundle that can be loaded",
                    failure);
        }
    }

    private HostProfile host(String name, TelemetryProperties.Host given, Function<String, SSLContext> sslBundles) {
        String prefix = ROOT + "hosts." + name + ".";
        String address = given.host();
        if (address == null) {
            throw new InvalidTelemetryPropertyException(
                    prefix + "host", "is missing", "the address of a workspace, written host[:port]", null);
        }
        return new HostProfile(
                name,
                given.enabled(),
                parse(prefix + "host", address),
                // ${TOKEN:} without such a variable means that there is none.
                StringUtils.hasText(given.token()) ? given.token() : null,
                given.workspaceId(),
                profile(prefix, given, common, sslBundles));
    }

    private DataSourceProfile dataSource(String name, TelemetryProperties.DataSource given) {
        String where = given.host();
        if (where == null) {
            return new DataSourceProfile(given.enabled(), null, null, given.httpPath(), common);
        }
        HostProfile entry = hosts.get(where);
        if (entry != null) {
            return new DataSourceProfile(
                    given.enabled() && entry.enabled(), entry.host(), entry, given.httpPath(), entry.client());
        }
        String property = ROOT + "data-sources." + name + ".host";
        // A workspace's name always has a dot or a port, so a single word is a name that was mistyped.
        if (where.matches("[A-Za-z0-9_-]+") && !where.equals("localhost")) {
            throw new InvalidTelemetryPropertyException(
                    property,
                    "names the host '" + where + "', which does not exist",
                    "an address written host[:port], or the name of an entry under " + ROOT + "hosts"
                            + (hosts.isEmpty() ? " (there is none)" : " " + new TreeSet<>(hosts.keySet())),
                    null);
        }
        return new DataSourceProfile(given.enabled(), parse(property, where), null, given.httpPath(), common);
    }

    private static WorkspaceHost parse(String property, String address) {
        try {
            return WorkspaceHost.parse(address);
        } catch (IllegalArgumentException malformed) {
            // The text is not repeated: people paste whole URLs, with tokens in them.
            throw new InvalidTelemetryPropertyException(
                    property, "is no address", "the address of a workspace, written host[:port]", malformed);
        }
    }
}
