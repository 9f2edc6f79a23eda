package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriver;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriverAdapter;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceDescription;
import io.github.databrickstelemetry.properties.Settings;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

class TelemetryDataSourceResolverTest {

    private static final JdbcSource DATABRICKS = source("jdbc:databricks://adb-42.7.azuredatabricks.net:443/default;"
            + "httpPath=/sql/1.0/warehouses/abc;AuthMech=3;UID=token;PWD=dapi-own");
    private static final JdbcSource BROWSER = source("jdbc:databricks://adb-42.7.azuredatabricks.net;"
            + "httpPath=/sql/1.0/warehouses/abc;AuthMech=11;Auth_Flow=2");
    private static final JdbcSource H2 = source("jdbc:h2:mem:test");

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

    @Test
    void observesEveryDatabricksDataSourceWithoutAnyProperty() {
        DataSourceDescription observed = observed("orders", DATABRICKS);

        assertThat(observed.local().name()).isEqualTo("orders");
        assertThat(observed.host()).isEqualTo(WorkspaceHost.parse("adb-42.7.azuredatabricks.net"));
        assertThat(observed.target().get().hostFromJdbcUrl()).isTrue();
        assertThat(observed.target().get().workspaceId()).isEqualTo(42);
        assertThat(observed.target().get().credentials().authorization()).isEqualTo("Bearer dapi-own");
        assertThat(observed.details().httpPath()).isEqualTo("/sql/1.0/warehouses/abc");
        assertThat(observed.adapter()).isInstanceOf(DatabricksDriverAdapter.class);
        assertThat(observed.driverOverrides()).isEqualTo(DatabricksDriver.TELEMETRY_OFF);
    }

    @Test
    void describesADataSourceToTheApplicationsTools() {
        JdbcSource withoutTls = source("jdbc:databricks://h:8080/sales;ssl=0;httpPath=/sql/1.0/warehouses/abc?o=7");

        assertThat(observed("orders", withoutTls).local())
                .isEqualTo(new LocalDataSource("orders", "sales", "abc", 7L, "http"));
        assertThat(observed("orders", withoutTls, "data-sources.orders.host=other:443")
                        .local())
                .isEqualTo(new LocalDataSource("orders", "sales", "abc", 7L, "https"));
        assertThat(observed("orders", H2, "data-sources.orders.host=other:443").local())
                .isEqualTo(new LocalDataSource("orders", null, null, null, "https"));
    }

    @Test
    void leavesTheDriversOwnTelemetryIfToldTo() {
        assertThat(observed("orders", DATABRICKS, "driver-telemetry=leave").driverOverrides())
                .isEmpty();
    }

    @Test
    void leavesOtherDriversAlone() {
        assertThat(resolve("orders", H2)).isNull();
        assertThat(resolve("orders", source(null))).isNull();
    }

    @Test
    void observesAnotherDriverThatThePropertiesMapToAWorkspace() {
        DataSourceDescription observed = observed(
                "orders",
                H2,
                "data-sources.orders.host=adb-7.1.azuredatabricks.net",
                "data-sources.orders.http-path=/sql/1.0/warehouses/x?o=99");

        assertThat(observed.host()).isEqualTo(WorkspaceHost.parse("adb-7.1.azuredatabricks.net"));
        assertThat(observed.target().get().hostFromJdbcUrl()).isFalse();
        assertThat(observed.target().get().workspaceId()).isEqualTo(99);
        assertThat(observed.target().get().orgId()).isEqualTo("99");
        assertThat(observed.target().get().credentials()).isEqualTo(CredentialSource.NONE);
        assertThat(observed.driverOverrides()).isEmpty();
    }

    @Test
    void leavesADataSourceAloneThatIsSwitchedOff() {
        assertThat(resolve("orders", DATABRICKS, "data-sources.orders.enabled=false"))
                .isNull();
        assertThat(resolve("other", DATABRICKS, "data-sources.orders.enabled=false"))
                .isNotNull();
    }

    @Test
    void saysWhyADataSourceOfDatabricksIsNotObservedAndIsSilentOnOthers() {
        String off = "data-sources.orders.enabled=false";
        assertThat(resolver(off).reasonAgainst("orders", DATABRICKS))
                .isEqualTo("switched off by data-sources.orders.enabled");
        assertThat(resolver(off, "data-sources.orders.host=adb-7.1.azuredatabricks.net")
                        .reasonAgainst("orders", H2))
                .isEqualTo("switched off by data-sources.orders.enabled");
        assertThat(resolver(off).reasonAgainst("orders", H2)).isNull();
        assertThat(resolver().reasonAgainst("orders", H2)).isNull();
        assertThat(resolver(TelemetrySettings.disabled()).reasonAgainst("orders", DATABRICKS))
                .isEqualTo("telemetry is switched off");
    }

    @Test
    void leavesEveryDataSourceAloneWhileTelemetryIsSwitchedOff() {
        assertThat(resolver(TelemetrySettings.disabled()).resolve("orders", DATABRICKS))
                .isNull();
    }

    @Test
    void theTokenOfANamedHostBeatsTheDataSourcesOwn() {
        DataSourceDescription observed = observed(
                "orders",
                DATABRICKS,
                "hosts.prod.host=adb-42.7.azuredatabricks.net",
                "hosts.prod.token=dapi-host",
                "hosts.prod.workspace-id=5",
                "hosts.prod.batch-size=9",
                "data-sources.orders.host=prod");

        assertThat(observed.target().get().credentials().authorization()).isEqualTo("Bearer dapi-host");
        assertThat(observed.target().get().credentials().identity()).isEqualTo("hosts.prod");
        assertThat(observed.target().get().workspaceId()).isEqualTo(5);
        assertThat(observed.target().get().settings().batchSize()).isEqualTo(9);
        assertThat(observed.target().get().hostFromJdbcUrl()).isTrue();
    }

    @Test
    void aNamedHostWithoutATokenLeavesTheDataSourceItsOwn() {
        DataSourceDescription observed =
                observed("orders", DATABRICKS, "hosts.prod.host=other.example.com", "data-sources.orders.host=prod");

        assertThat(observed.target().get().credentials().authorization()).isEqualTo("Bearer dapi-own");
        assertThat(observed.host()).isEqualTo(WorkspaceHost.parse("other.example.com"));
        assertThat(observed.target().get().hostFromJdbcUrl()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void aBlankTokenIsNone(String token) {
        DataSourceDescription observed = observed(
                "orders",
                DATABRICKS,
                "hosts.prod.host=adb-42.7.azuredatabricks.net",
                "hosts.prod.token=" + token,
                "data-sources.orders.host=prod");

        assertThat(observed.target().get().credentials().authorization()).isEqualTo("Bearer dapi-own");
    }

    @Test
    void theApplicationsCredentialsComeLast() {
        beans.registerSingleton("credentials", (TelemetryCredentials) (host, name) -> host + "/" + name);

        assertThat(observed("orders", BROWSER).target().get().credentials().authorization())
                .isEqualTo("Bearer adb-42.7.azuredatabricks.net:443/orders");
        assertThat(observed("orders", DATABRICKS).target().get().credentials().authorization())
                .isEqualTo("Bearer dapi-own");
    }

    @Test
    void theApplicationsCredentialsAreAPrincipalOfTheirOwnForEachDataSource() {
        beans.registerSingleton("credentials", (TelemetryCredentials) (host, name) -> "token");

        assertThat(observed("a", BROWSER).target().get().credentials().identity())
                .isNotEqualTo(
                        observed("b", BROWSER).target().get().credentials().identity())
                .doesNotContain("token");
    }

    @Test
    void anApplicationWithoutATokenNowHasNoCredentialsNow() {
        beans.registerSingleton("credentials", (TelemetryCredentials) (host, name) -> null);

        assertThat(observed("orders", BROWSER).target().get().credentials().authorization())
                .isNull();
    }

    @Test
    void withoutAnyCredentialsThereAreNone() {
        assertThat(observed("orders", BROWSER).target().get().credentials()).isEqualTo(CredentialSource.NONE);
    }

    @Test
    void takesTheDataSourcesProxyUnlessThePropertiesNameOne() {
        JdbcSource proxied = source(DATABRICKS.url() + ";UseProxy=1;ProxyHost=own.example.com;ProxyPort=3128");

        assertThat(observed("orders", proxied).target().get().transport().proxy())
                .isEqualTo(new ProxySettings("own.example.com", 3128, null, null, List.of(), false));
        assertThat(observed("orders", proxied, "export.proxy.host=ours.example.com", "export.proxy.port=1")
                        .target()
                        .get()
                        .transport()
                        .proxy())
                .isEqualTo(new ProxySettings("ours.example.com", 1, null, null, List.of(), false));
    }

    @Test
    void anHttpPathInThePropertiesReplacesTheUrls() {
        DataSourceDescription observed =
                observed("orders", DATABRICKS, "data-sources.orders.http-path=/sql/protocolv1/o/8/cluster");

        assertThat(observed.details().httpPath()).isEqualTo("/sql/protocolv1/o/8/cluster");
        assertThat(observed.target().get().workspaceId()).isEqualTo(8);
    }

    private DataSourceDescription observed(String name, JdbcSource source, String... properties) {
        return Objects.requireNonNull(resolve(name, source, properties));
    }

    private @Nullable DataSourceDescription resolve(String name, JdbcSource source, String... properties) {
        return resolver(properties).resolve(name, source);
    }

    private TelemetryDataSourceResolver resolver(String... properties) {
        return resolver(Settings.settings(properties));
    }

    private TelemetryDataSourceResolver resolver(TelemetrySettings settings) {
        return new TelemetryDataSourceResolver(settings, application(settings), beans);
    }

    /** As after the start of an application. */
    private ApplicationBeans application(TelemetrySettings settings) {
        ApplicationBeans application =
                new ApplicationBeans(settings, beans, new Guard(LoggerFactory.getLogger("test")));
        for (String name : settings.dataSources().keySet()) {
            if (!beans.containsSingleton(name)) {
                beans.registerSingleton(name, new SimpleDriverDataSource());
            }
        }
        application.afterSingletonsInstantiated();
        return application;
    }

    private static JdbcSource source(@Nullable String url) {
        return new JdbcSource(url, null, null, new Properties());
    }
}
