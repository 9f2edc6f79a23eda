package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.properties.TelemetrySettings.BearerToken;
import io.github.databrickstelemetry.properties.TelemetrySettings.DataSourceSettings;
import io.github.databrickstelemetry.properties.TelemetrySettings.HostSettings;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
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

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(TelemetryProperties.PREFIX);
    private static final ConfigurationPropertyName HOSTS = ROOT.append("hosts");

    /** Names of an entry under {@code hosts} that have no meaning, or another one, for all hosts together. */
    private static final List<ConfigurationPropertyName> OF_ONE_HOST =
            List.of(ROOT.append("enabled"), ROOT.append("host"), ROOT.append("token"), ROOT.append("workspace-id"));

    private static final String ADDRESS = "the address of a workspace, written host[:port]";

    private final TelemetryProperties properties;
    private final Environment environment;
    private final Function<String, SslBundle> sslBundles;
    private final Map<String, BundleContext> contexts = new HashMap<>();

    SettingsReader(TelemetryProperties properties, Environment environment, Function<String, SslBundle> sslBundles) {
        this.properties = properties;
        this.environment = environment;
        this.sslBundles = sslBundles;
    }

    TelemetrySettings read(boolean enabled) {
        return checked("", () -> {
            properties.insight().validate();
            HostProperties ofAll = properties.ofAllHosts();
            HostSettings common = host("", ofAll, ofAll);
            Map<String, HostProperties> overCommon = hostsOverCommon();
            Map<String, HostSettings> hosts = new LinkedHashMap<>();
            UniformName.distinct(properties.hosts())
                    .forEach((name, own) -> hosts.put(name, entry(name, own, overCommon.getOrDefault(name, own))));
            Map<String, DataSourceSettings> dataSources = new LinkedHashMap<>();
            UniformName.distinct(properties.dataSources())
                    .forEach((name, given) -> dataSources.put(name, dataSource(name, given, hosts, common)));
            return new TelemetrySettings(
                    enabled,
                    new EngineSettings(properties.queueCapacity(), properties.closeTimeout()),
                    properties.insight(),
                    QueryTags.of(properties, environment),
                    common,
                    hosts,
                    dataSources);
        });
    }

    /**
     * Binds each entry under {@code hosts} again, over the properties that hold for all: the entry by itself does not tell
     * what it leaves unset from what it sets to the default.
     */
    private Map<String, HostProperties> hostsOverCommon() {
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
        sources.addAll(below(entry, name -> !(entry.isAncestorOf(name) && isBlank(name))));
        sources.addAll(below(ROOT, name -> !OF_ONE_HOST.contains(name)));
        // A filtered source finds nothing below feature-flag in the variable FEATURE_FLAG_OVERRIDE, so the binder would
        // not
        // look into that record. This source has no values, but answers "unknown" when it is asked for names below.
        sources.add(name -> null);
        return new Binder(sources, new PropertySourcesPlaceholdersResolver(environment))
                .bindOrCreate("", HostProperties.class);
    }

    private List<ConfigurationPropertySource> below(
            ConfigurationPropertyName prefix, Predicate<ConfigurationPropertyName> filter) {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            sources.add(source.filter(filter).withPrefix(prefix.toString()));
        }
        return sources;
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

    private HostSettings entry(String name, HostProperties own, HostProperties overCommon) {
        return checked("hosts." + name + ".", () -> {
            if (!StringUtils.hasText(own.host())) {
                throw new InvalidSettingException("host", "missing", ADDRESS);
            }
            return host("hosts." + name, own, overCommon);
        });
    }

    /**
     * @param identity names the source of the token
     * @param own what is set for this host alone
     * @param overCommon the same, over the properties that hold for all
     */
    private HostSettings host(String identity, HostProperties own, HostProperties overCommon) {
        String address = own.host();
        String token = own.token();
        String bundle = overCommon.export().sslBundle();
        // The properties of a proxy belong together: those of a host replace all of the common ones.
        ProxySettings proxy = own.export().proxy().settings();
        return new HostSettings(
                own.enabled(),
                address == null ? null : parse("host", address),
                StringUtils.hasText(token) ? new BearerToken(identity, () -> token) : null,
                own.workspaceId(),
                overCommon.settings(),
                overCommon.driverTelemetry(),
                proxy == null ? properties.export().proxy().settings() : proxy,
                bundle == null ? null : tls(bundle));
    }

    /** Reads the bundle for every request, so that a reload is followed; once now, so that a missing one fails the start. */
    private TlsSettings tls(String bundle) {
        try {
            BundleContext context =
                    contexts.computeIfAbsent(bundle, name -> new BundleContext(() -> sslBundles.apply(name)));
            context.get();
            return new TlsSettings.Supplied(context);
        } catch (RuntimeException failure) {
            InvalidSettingException invalid = new InvalidSettingException(
                    "export.ssl-bundle",
                    "'" + bundle + "', which cannot be used",
                    "the name of an SSL bundle under spring.ssl.bundle that can be loaded");
            invalid.initCause(failure);
            throw invalid;
        }
    }

    private static DataSourceSettings dataSource(
            String name, TelemetryProperties.DataSource given, Map<String, HostSettings> hosts, HostSettings common) {
        String where = given.host();
        if (where == null) {
            return new DataSourceSettings(given.enabled(), given.httpPath(), common);
        }
        HostSettings entry = hosts.get(where);
        if (entry != null) {
            return new DataSourceSettings(given.enabled() && entry.enabled(), given.httpPath(), entry);
        }
        String property = "data-sources." + name + ".host";
        // The name of a workspace always has a dot or a port, so a single word is a misspelt name of an entry.
        if (where.matches("[A-Za-z0-9_-]+") && !where.equals("localhost")) {
            throw new InvalidSettingException(
                    property,
                    "'" + where + "', which does not exist",
                    "an address written host[:port], or the name of an entry under " + HOSTS
                            + (hosts.isEmpty() ? " (there is none)" : " " + new TreeSet<>(hosts.keySet())));
        }
        return new DataSourceSettings(given.enabled(), given.httpPath(), common.at(parse(property, where)));
    }

    private static WorkspaceHost parse(String property, String address) {
        try {
            return WorkspaceHost.parse(address);
        } catch (IllegalArgumentException malformed) {
            // The text is not repeated, because a pasted URL may contain a token.
            throw new InvalidSettingException(property, "no address", ADDRESS);
        }
    }

    private static <T> T checked(String prefix, Supplier<T> settings) {
        try {
            return settings.get();
        } catch (InvalidSettingException invalid) {
            throw new InvalidTelemetryPropertyException(
                    ROOT + "." + prefix + invalid.property(), "is " + invalid.value(), invalid.allowed(), invalid);
        }
    }

    /** The SSL context of a bundle. It is made again when the bundle has been reloaded. Thread-safe. */
    static final class BundleContext implements Supplier<SSLContext> {

        private final Supplier<SslBundle> current;
        private @Nullable SslBundle bundle;
        private @Nullable SSLContext context;

        /** @param current the bundle as it is now; another object after a reload */
        BundleContext(Supplier<SslBundle> current) {
            this.current = current;
        }

        @Override
        public synchronized SSLContext get() {
            SslBundle now = current.get();
            SSLContext made = context;
            if (made == null || now != bundle) {
                made = now.createSslContext();
                context = made;
                bundle = now;
            }
            return made;
        }
    }
}
