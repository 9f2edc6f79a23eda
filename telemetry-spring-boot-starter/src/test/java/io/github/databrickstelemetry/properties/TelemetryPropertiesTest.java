package io.github.databrickstelemetry.properties;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.properties.HostProperties.DriverTelemetryMode;
import io.github.databrickstelemetry.properties.TelemetrySettings.BearerToken;
import io.github.databrickstelemetry.properties.TelemetrySettings.DataSourceSettings;
import io.github.databrickstelemetry.properties.TelemetrySettings.HostSettings;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;

class TelemetryPropertiesTest {

    @Test
    void nothingGivenMeansTheDefaultsOfTheEngineAndOff() {
        TelemetrySettings settings = Settings.settings();

        assertThat(new Binder(List.of())
                        .bindOrCreate("", TelemetryProperties.class)
                        .enabled())
                .isFalse();
        assertThat(settings.engine()).isEqualTo(EngineSettings.DEFAULTS);
        assertThat(settings.dataSource("any")).isEqualTo(new DataSourceSettings(true, null, Settings.DEFAULT_HOST));
        assertThat(settings)
                .usingRecursiveComparison()
                .ignoringFields("enabled")
                .isEqualTo(TelemetrySettings.disabled());
    }

    @Test
    void bindsTheSettingsOfTheEngine() {
        TelemetrySettings settings = Settings.settings("queue-capacity=1024", "close-timeout=750ms");

        assertThat(settings.engine().queueCapacity()).isEqualTo(1024);
        assertThat(settings.engine().closeTimeout()).hasMillis(750);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clientProperties")
    void bindsForAllHosts(String assignment, Function<ClientSettings, @Nullable Object> read, Object expected) {
        ClientSettings all = Settings.client(assignment);

        assertThat(read.apply(all)).isEqualTo(expected);
        assertThat(read.apply(ClientSettings.DEFAULTS)).isNotEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clientProperties")
    void bindsForOneHostAndLeavesTheOthersAlone(
            String assignment, Function<ClientSettings, @Nullable Object> read, Object expected) {
        TelemetrySettings settings = Settings.settings(
                "hosts.prod.host=adb-1.2.azuredatabricks.net",
                "hosts.prod." + assignment,
                "hosts.test.host=test.example.com");

        assertThat(read.apply(client(settings, "prod"))).isEqualTo(expected);
        assertThat(read.apply(client(settings, "test"))).isEqualTo(read.apply(ClientSettings.DEFAULTS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clientProperties")
    void oneHostTakesOverWhatItDoesNotSayItself(
            String assignment, Function<ClientSettings, @Nullable Object> read, Object expected) {
        TelemetrySettings settings = Settings.settings("hosts.prod.host=prod.example.com", assignment);

        assertThat(read.apply(client(settings, "prod"))).isEqualTo(expected);
    }

    static Stream<Arguments> clientProperties() {
        return Stream.of(
                property("authenticated-export=false", ClientSettings::authenticatedExport, false),
                property("batch-size=7", ClientSettings::batchSize, 7),
                property("flush-interval=3s", s -> s.flushInterval().toMillis(), 3000L),
                property("max-pending=777", ClientSettings::maxPending, 777),
                property("max-in-flight-statements=88", ClientSettings::maxInFlightStatements, 88),
                property("max-errors-per-statement=9", ClientSettings::maxErrorsPerStatement, 9),
                property("statement-ttl=10m", s -> s.statementTtl().toMinutes(), 10L),
                property("level=error", s -> s.export().level(), ExportLevel.ERROR),
                property("export.enabled=false", s -> s.export().enabled(), false),
                property("error-detail=frames", ClientSettings::errorDetail, ErrorDetail.FRAMES),
                property("export.max-retries=1", s -> s.export().retry().maxRetries(), 1),
                property(
                        "export.backoff-initial=50ms",
                        s -> s.export().retry().backoffInitial().toMillis(),
                        50L),
                property(
                        "export.backoff-max=3s",
                        s -> s.export().retry().backoffMax().toMillis(),
                        3000L),
                property(
                        "export.retry-after-max=12s",
                        s -> s.export().retry().retryAfterMax().toMillis(),
                        12_000L),
                property(
                        "export.connect-timeout=1s",
                        s -> s.export().http().connectTimeout().toMillis(),
                        1000L),
                property(
                        "export.read-timeout=4s",
                        s -> s.export().http().readTimeout().toMillis(),
                        4000L),
                property("export.authenticated-paths=/a,/b", s -> s.export().authenticatedPaths(), List.of("/a", "/b")),
                property("export.unauthenticated-paths=/c", s -> s.export().unauthenticatedPaths(), List.of("/c")),
                property("export.max-request-size=64KB", s -> s.export().maxRequestSize(), 65_536),
                property("export.gzip=true", s -> s.export().gzip(), true),
                property("export.headers.x-team=data", s -> s.export().http().headers(), Map.of("x-team", "data")),
                property(
                        "export.user-agent-entry=shop/1", s -> s.export().http().userAgentEntry(), "shop/1"),
                property(
                        "export.allow-private-hosts=true",
                        s -> s.export().http().allowPrivateHosts(),
                        true),
                property("export.allow-http=true", s -> s.export().http().allowHttp(), true),
                property(
                        "circuit-breaker.failure-threshold=2",
                        s -> s.circuitBreaker().failureThreshold(),
                        2),
                property(
                        "circuit-breaker.open-timeout=5s",
                        s -> s.circuitBreaker().openTimeout().toMillis(),
                        5000L),
                property(
                        "circuit-breaker.success-threshold=4",
                        s -> s.circuitBreaker().successThreshold(),
                        4),
                property("feature-flag.enabled=false", s -> s.featureFlag().enabled(), false),
                property("feature-flag.name=my.flag", s -> s.featureFlag().name(), "my.flag"),
                property("feature-flag.client=MINE", s -> s.featureFlag().client(), "MINE"),
                property("feature-flag.ttl=5m", s -> s.featureFlag().ttl().toMinutes(), 5L),
                property("feature-flag.override=true", s -> s.featureFlag().override(), true));
    }

    /** Boot refuses a blank number and a blank boolean. */
    static Stream<Arguments> blankProperties() {
        return clientProperties()
                .filter(property -> property.get()[0].toString().startsWith("export.max-request-size")
                        || !(property.get()[2] instanceof Integer || property.get()[2] instanceof Boolean));
    }

    private static Arguments property(
            String assignment, Function<ClientSettings, @Nullable Object> read, Object expected) {
        return Arguments.of(assignment, read, expected);
    }

    @Test
    void aHostsNameMayBeWrittenInAnyForm() {
        TelemetrySettings settings = Settings.settings(
                "batch-size=5",
                "hosts.myHost.host=a.example.com",
                "hosts.myHost.batch-size=6",
                "hosts[b.c].host=b.example.com",
                "hosts[b.c].batch-size=7");

        assertThat(client(settings, "myHost").batchSize()).isEqualTo(6);
        assertThat(client(settings, "b.c").batchSize()).isEqualTo(7);
        assertThat(settings.common().settings().batchSize()).isEqualTo(5);
    }

    @Test
    void pathsOfAHostReplaceThoseOfAll() {
        TelemetrySettings settings = Settings.settings(
                "export.authenticated-paths=/a,/b",
                "hosts.p.host=p.example.com",
                "hosts.p.export.authenticated-paths=/c");

        assertThat(client(settings, "p").export().authenticatedPaths()).containsExactly("/c");
    }

    @Test
    void headersOfAHostAreAddedToThoseOfAll() {
        TelemetrySettings settings = Settings.settings(
                "export.headers.x-a=1",
                "export.headers.x-b=2",
                "hosts.p.host=p.example.com",
                "hosts.p.export.headers.x-b=3");

        assertThat(client(settings, "p").export().http().headers())
                .containsOnly(Map.entry("x-a", "1"), Map.entry("x-b", "3"));
    }

    @Test
    void bindsHosts() {
        HostSettings host = host(
                Settings.settings(
                        "hosts.prod.host=https://ADB-1.2.azuredatabricks.net/",
                        "hosts.prod.token=secret-token",
                        "hosts.prod.workspace-id=4711",
                        "hosts.prod.driver-telemetry=leave",
                        "hosts.prod.enabled=false"),
                "prod");

        assertThat(host.address()).isEqualTo(new WorkspaceHost("https", "adb-1.2.azuredatabricks.net", 443));
        assertThat(host.token()).extracting(BearerToken::identity).isEqualTo("hosts.prod");
        assertThat(host.token()).extracting(BearerToken::authorization).isEqualTo("Bearer secret-token");
        assertThat(host.workspaceId()).isEqualTo(4711);
        assertThat(host.driverTelemetry()).isEqualTo(DriverTelemetryMode.LEAVE);
        assertThat(host.enabled()).isFalse();
    }

    @Test
    void aDataSourceTakesTheSettingsOfTheHostThatItNames() {
        TelemetrySettings settings = Settings.settings(
                "batch-size=5",
                "hosts.prod.host=prod.example.com",
                "hosts.prod.batch-size=6",
                "data-sources.orders.host=prod");

        HostSettings orders = settings.dataSource("orders").host();
        assertThat(orders).isEqualTo(host(settings, "prod"));
        assertThat(orders.address()).isEqualTo(WorkspaceHost.parse("prod.example.com"));
        assertThat(orders.settings().batchSize()).isEqualTo(6);
        assertThat(settings.dataSource("other").host().settings().batchSize()).isEqualTo(5);
    }

    @Test
    void aDataSourceMayNameAnAddress() {
        DataSourceSettings orders = Settings.settings(
                        "data-sources.orders.host=adb-1.2.azuredatabricks.net:8443",
                        "data-sources.orders.http-path=/sql/1.0/warehouses/abc")
                .dataSource("orders");

        assertThat(orders.host().address()).isEqualTo(WorkspaceHost.parse("adb-1.2.azuredatabricks.net:8443"));
        assertThat(orders.httpPath()).isEqualTo("/sql/1.0/warehouses/abc");
        assertThat(orders.host().token()).isNull();
    }

    @Test
    void aDataSourceIsOffByItselfOrWithItsHost() {
        TelemetrySettings settings = Settings.settings(
                "data-sources.a.enabled=false",
                "hosts.off.host=off.example.com",
                "hosts.off.enabled=false",
                "data-sources.b.host=off",
                "data-sources.c.http-path=/x");

        assertThat(settings.dataSource("a").enabled()).isFalse();
        assertThat(settings.dataSource("b").enabled()).isFalse();
        assertThat(settings.dataSource("c").enabled()).isTrue();
        assertThat(settings.dataSources().keySet()).containsExactly("a", "b", "c");
    }

    @Test
    void bindsTheProxyAsAWhole() {
        TelemetrySettings settings = Settings.settings(
                "export.proxy.host=proxy.example.com",
                "export.proxy.port=3128",
                "export.proxy.user=u",
                "export.proxy.password=p",
                "export.proxy.ignored=*.local,other",
                "hosts.direct.host=direct.example.com",
                "hosts.direct.export.proxy.system=false",
                "hosts.jvm.host=jvm.example.com",
                "hosts.jvm.export.proxy.system=true",
                "hosts.same.host=same.example.com");

        ProxySettings common =
                new ProxySettings("proxy.example.com", 3128, "u", "p", List.of("*.local", "other"), false);
        assertThat(settings.common().proxy()).isEqualTo(common);
        assertThat(host(settings, "same").proxy()).isEqualTo(common);
        assertThat(host(settings, "direct").proxy())
                .isEqualTo(new ProxySettings(null, 0, null, null, List.of(), false));
        assertThat(host(settings, "jvm").proxy()).isEqualTo(new ProxySettings(null, 0, null, null, List.of(), true));
    }

    @Test
    void noSecretIsEverPrinted() {
        String[] secrets = {
            "hosts.prod.host=prod.example.com",
            "hosts.prod.token=SECRET",
            "export.proxy.host=proxy.example.com",
            "export.proxy.port=1",
            "export.proxy.password=SECRET",
            "export.headers.authorization=SECRET"
        };

        assertThat(Settings.settings(secrets).dataSource("any").toString()).doesNotContain("SECRET");
        assertThat(host(Settings.settings(secrets), "prod").toString()).doesNotContain("SECRET");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blankProperties")
    void aBlankValueOfAHostMeansTheCommonValue(
            String assignment, Function<ClientSettings, @Nullable Object> read, Object expected) {
        String name = assignment.substring(0, assignment.indexOf('='));
        TelemetrySettings settings = Settings.settings(
                assignment, "hosts.prod.host=prod.example.com", "hosts.prod." + name + "=${NOT_SET_ANYWHERE:}");

        assertThat(read.apply(client(settings, "prod"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host=a b", "token=t", "workspace-id=abc", "WORKSPACE_ID=abc"})
    void aPropertyOfOneHostHasNoMeaningForAll(String misplaced) {
        HostSettings host = host(Settings.settings(misplaced, "hosts.prod.host=prod.example.com"), "prod");

        assertThat(host.address()).isEqualTo(WorkspaceHost.parse("prod.example.com"));
        assertThat(host.token()).isNull();
        assertThat(host.workspaceId()).isNull();
        assertThat(host.enabled()).isTrue();
    }

    @Test
    void aHostWhosePropertiesNameNoProxyTakesTheCommonOne() {
        TelemetrySettings settings = Settings.settings(
                "export.proxy.host=proxy.example.com",
                "export.proxy.port=3128",
                "hosts.prod.host=prod.example.com",
                "hosts.prod.export.proxy.user=${NOT_SET_ANYWHERE:}",
                "hosts.prod.export.proxy.ignored=*.local");

        assertThat(host(settings, "prod").proxy())
                .isEqualTo(new ProxySettings("proxy.example.com", 3128, null, null, List.of(), false));
    }

    @Test
    void theDefaultsOfAHostAreThoseOfAll() {
        Map<String, List<String>> ofAll = defaultValues(TelemetryProperties.class);
        Map<String, List<String>> ofAHost = defaultValues(HostProperties.class);
        ofAHost.remove("enabled");

        assertThat(ofAHost).hasSize(13);
        assertThat(ofAll).containsAllEntriesOf(ofAHost);
    }

    private static Map<String, List<String>> defaultValues(Class<? extends Record> properties) {
        return Stream.of(properties.getDeclaredConstructors()[0].getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(DefaultValue.class))
                .collect(Collectors.toMap(
                        Parameter::getName,
                        parameter -> List.of(
                                parameter.getAnnotation(DefaultValue.class).value())));
    }

    private static ClientSettings client(TelemetrySettings settings, String name) {
        return host(settings, name).settings();
    }

    private static HostSettings host(TelemetrySettings settings, String name) {
        return Objects.requireNonNull(settings.hosts().get(name));
    }
}
