package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Validates properties and converts them to settings. Each error names the property in full. */
final class SettingsReader {

    private static final String ROOT = TelemetryProperties.PREFIX + ".";
    private static final ConfigurationPropertyName HOSTS = ConfigurationPropertyName.of(ROOT + "hosts");

    /** Names of an entry under {@code hosts} that have no meaning, or another one, for all hosts together. */
    private static final Set<ConfigurationPropertyName> OF_ONE_HOST = Stream.of(
                    "enabled", "host", "token", "workspace-id")
            .map(name -> ConfigurationPropertyName.of(ROOT + name))
            .collect(Collectors.toSet());

    private final TelemetryProperties properties;
    private final Environment environment;
    private final Function<String, SslBundle> sslBundles;
    private final Map<String, BundleContext> contexts = new HashMap<>();
    private final Map<String, HostProfile> hosts = new LinkedHashMap<>();

    SettingsReader(TelemetryProperties properties, Environment environment, Function<String, SslBundle> sslBundles) {
        this.properties = properties;
        this.environment = environment;
        this.sslBundles = sslBundles;
    }

    TelemetrySettings read() {
        EngineSettings engine = checked(ROOT, () -> SettingsMapper.engine(properties));
        InsightProperties insight = checked(ROOT, () -> SettingsMapper.insight(properties.insight()));
        QueryTags queryTags = checked(ROOT, () -> QueryTags.of(properties, environment));
        ClientProfile common = profile(ROOT, properties, proxy(ROOT, properties));
        Map<String, HostProperties> clients = clientsOfHosts();
        UniformName.distinct(properties.hosts())
                .forEach(
                        (name, given) -> hosts.put(name, host(name, given, clients.getOrDefault(name, given), common)));
        Map<String, DataSourceProfile> dataSources = new LinkedHashMap<>();
        UniformName.distinct(properties.dataSources())
                .forEach((name, given) -> dataSources.put(name, dataSource(name, given)));
        return new TelemetrySettings(engine, insight, queryTags, common, hosts, dataSources);
    }

    /** Binds each entry under {@code hosts} again, with the properties that hold for all below it. */
    private Map<String, HostProperties> clientsOfHosts() {
        BindHandler overCommon = new AbstractBindHandler() {
            @Override
            public Object onSuccess(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
                return HOSTS.isParentOf(name) ? overCommon(name) : result;
            }
        };
        return Binder.get(environment)
                .bind(HOSTS, Bindable.mapOf(String.class, HostProperties.class), overCommon)
                .orElseGet(Map::of);
    }

    private HostProperties overCommon(ConfigurationPropertyName entry) {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            sources.add(source.filter(name -> !entry.isAncestorOf(name) || !isBlank(name))
                    .withPrefix(entry.toString()));
        }
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            sources.add(source.filter(name -> !OF_ONE_HOST.contains(name)).withPrefix(TelemetryProperties.PREFIX));
        }
        return new Binder(sources, new PropertySourcesPlaceholdersResolver(environment))
                .bindOrCreate("", HostProperties.class);
    }

    /** Whether the value is {@code ${LEVEL:}} without such a variable, for example, which means that it is not set. */
    private boolean isBlank(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return property.getValue() instanceof CharSequence text
                        && !StringUtils.hasText(environment.resolvePlaceholders(text.toString()));
            }
        }
        return false;
    }

    private static @Nullable ProxySettings proxy(String prefix, ClientProperties client) {
        return checked(prefix, () -> SettingsMapper.proxy(client.export().proxy()));
    }

    private ClientProfile profile(String prefix, ClientProperties client, @Nullable ProxySettings proxy) {
        String bundle = client.export().sslBundle();
        return new ClientProfile(
                checked(prefix, () -> SettingsMapper.client(client)),
                client.driverTelemetry(),
                proxy,
                bundle == null ? null : tls(prefix, bundle));
    }

    /** Reads the bundle for every request, so that a reload is followed; once now, so that a missing one fails the start. */
    private TlsSettings tls(String prefix, String bundle) {
        try {
            BundleContext context =
                    contexts.computeIfAbsent(bundle, name -> new BundleContext(() -> sslBundles.apply(name)));
            context.get();
            return new TlsSettings.Supplied(context);
        } catch (RuntimeException failure) {
            throw new InvalidTelemetryPropertyException(
                    prefix + "export.ssl-bundle",
                    "names the SSL bundle '" + bundle + "', which cannot be used",
                    "the name of an SSL bundle under spring.ssl.bundle that can be loaded",
                    failure);
        }
    }

    /**
     * @param given the entry by itself
     * @param client the entry over the properties that hold for all
     */
    private HostProfile host(String name, HostProperties given, HostProperties client, ClientProfile common) {
        String prefix = ROOT + "hosts." + name + ".";
        String address = given.host();
        if (address == null) {
            throw new InvalidTelemetryPropertyException(
                    prefix + "host", "is missing", "the address of a workspace, written host[:port]", null);
        }
        // The properties of a proxy belong together: those of a host replace all of the common ones.
        ProxySettings proxy = proxy(prefix, given);
        return new HostProfile(
                name,
                given.enabled(),
                parse(prefix + "host", address),
                // ${TOKEN:} without such a variable means that there is no token.
                StringUtils.hasText(given.token()) ? given.token() : null,
                given.workspaceId(),
                profile(prefix, client, proxy == null ? common.proxy() : proxy));
    }

    private DataSourceProfile dataSource(String name, DataSourceProperties given) {
        String where = given.host();
        if (where == null) {
            return new DataSourceProfile(given.enabled(), null, null, given.httpPath());
        }
        HostProfile entry = hosts.get(where);
        if (entry != null) {
            return new DataSourceProfile(given.enabled() && entry.enabled(), entry.host(), entry, given.httpPath());
        }
        String property = ROOT + "data-sources." + name + ".host";
        // The name of a workspace always has a dot or a port, so a single word is a misspelt name of an entry.
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
            // The text is not repeated, because a pasted URL may contain a token.
            throw new InvalidTelemetryPropertyException(
                    property, "is no address", "the address of a workspace, written host[:port]", malformed);
        }
    }

    private static <T extends @Nullable Object> T checked(String prefix, Supplier<T> settings) {
        try {
            return settings.get();
        } catch (InvalidSettingException invalid) {
            throw InvalidTelemetryPropertyException.of(prefix, invalid);
        }
    }
}
