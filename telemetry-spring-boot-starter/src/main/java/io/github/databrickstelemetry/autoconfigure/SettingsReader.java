package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.springframework.util.StringUtils;

/**
 * Makes settings of properties. Reading is the check: it throws {@link InvalidTelemetryPropertyException} with the
 * property's full name.
 */
final class SettingsReader {

    private static final String ROOT = TelemetryProperties.PREFIX + ".";

    private final TelemetryProperties properties;
    private final Function<String, SSLContext> sslBundles;
    private final Map<String, HostProfile> hosts = new LinkedHashMap<>();

    private SettingsReader(TelemetryProperties properties, Function<String, SSLContext> sslBundles) {
        this.properties = properties;
        this.sslBundles = sslBundles;
    }

    /** @param sslBundles finds the SSL context of a bundle by the bundle's name; throws if there is none */
    static TelemetrySettings read(TelemetryProperties properties, Function<String, SSLContext> sslBundles) {
        return new SettingsReader(properties, sslBundles).settings();
    }

    private TelemetrySettings settings() {
        EngineSettings engine = engine();
        ClientProfile common = profile(ROOT, properties, ClientProfile.DEFAULTS);
        properties.hosts().forEach((name, given) -> hosts.put(name, host(name, given, common)));
        Map<String, DataSourceProfile> dataSources = new LinkedHashMap<>();
        properties.dataSources().forEach((name, given) -> dataSources.put(name, dataSource(name, given)));
        return new TelemetrySettings(engine, common, hosts, dataSources);
    }

    private EngineSettings engine() {
        EngineSettings below = EngineSettings.DEFAULTS;
        try {
            return new EngineSettings(
                    properties.queueCapacity() == null ? below.queueCapacity() : properties.queueCapacity(),
                    properties.closeTimeout() == null ? below.closeTimeout() : properties.closeTimeout());
        } catch (InvalidSettingException invalid) {
            throw InvalidTelemetryPropertyException.of(ROOT, invalid);
        }
    }

    private ClientProfile profile(String prefix, ClientLayer given, ClientProfile below) {
        try {
            TelemetryProperties.Export export = given.export();
            String bundle = export == null ? null : export.sslBundle();
            return new ClientProfile(
                    LayeredSettings.client(given, below.settings()),
                    given.driverTelemetry() == null ? below.driverTelemetry() : given.driverTelemetry(),
                    LayeredSettings.proxy(export == null ? null : export.proxy(), below.proxy()),
                    bundle == null ? below.sslContext() : sslContext(prefix, bundle));
        } catch (InvalidSettingException invalid) {
            throw InvalidTelemetryPropertyException.of(prefix, invalid);
        }
    }

    private SSLContext sslContext(String prefix, String bundle) {
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

    private HostProfile host(String name, TelemetryProperties.Host given, ClientProfile common) {
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
                profile(prefix, given, common));
    }

    private DataSourceProfile dataSource(String name, TelemetryProperties.DataSource given) {
        String where = given.host();
        if (where == null) {
            return new DataSourceProfile(given.enabled(), null, null, given.httpPath());
        }
        HostProfile entry = hosts.get(where);
        if (entry != null) {
            return new DataSourceProfile(given.enabled() && entry.enabled(), entry.host(), entry, given.httpPath());
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
        return new DataSourceProfile(given.enabled(), parse(property, where), null, given.httpPath());
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
