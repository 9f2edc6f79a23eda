package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.AnyEngine;
import io.github.databrickstelemetry.actuate.Boot3HealthIndicator;
import io.github.databrickstelemetry.actuate.Boot4HealthIndicator;
import io.github.databrickstelemetry.actuate.TelemetryEndpoint;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.engine.internal.ClientReference;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceResolver;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.metrics.TelemetryMeterBinder;
import io.github.databrickstelemetry.properties.InvalidTelemetryPropertyException;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class AutoConfigurationConditionsTest {

    private static final Class<?>[] WHAT_IT_BRINGS = {
        TelemetryClientProvider.class,
        DataSourceTelemetryPostProcessor.class,
        TelemetryProperties.class,
        TelemetrySettings.class,
        TelemetryEndpoint.class,
        Boot3HealthIndicator.class,
        TelemetryMeterBinder.class
    };

    private final ApplicationContextRunner enabled = Contexts.enabled()
            .withBean(SimpleMeterRegistry.class)
            .withPropertyValues("management.endpoints.web.exposure.include=*");

    @Test
    void isOffUnlessSwitchedOn() {
        Contexts.untouched().withBean(SimpleMeterRegistry.class).run(context -> {
            for (Class<?> type : WHAT_IT_BRINGS) {
                assertThat(context).doesNotHaveBean(type);
            }
        });
    }

    @Test
    void bringsEverythingWhenSwitchedOn() {
        enabled.run(context -> {
            for (Class<?> type : WHAT_IT_BRINGS) {
                assertThat(context).hasSingleBean(type);
            }
            assertThat(context).hasBean("databricksTelemetryHealthIndicator");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "yes", "on", "TRUE"})
    void theEnvironmentVariableBeatsTheProperty(String value) {
        enabled.withSystemProperties("DATABRICKS_TELEMETRY_DISABLED=" + value).run(context -> {
            for (Class<?> type : WHAT_IT_BRINGS) {
                assertThat(context).doesNotHaveBean(type);
            }
        });
    }

    @Test
    void wrongSettingsOnlyMatterWhileItIsOn() {
        Contexts.untouched()
                .withPropertyValues("databricks.telemetry.batch-size=0", "databricks.telemetry.hosts.a.token=x")
                .run(context -> assertThat(context).hasNotFailed());
        enabled.withPropertyValues("databricks.telemetry.batch-size=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseInstanceOf(IllegalArgumentException.class)
                        .hasStackTraceContaining("databricks.telemetry.batch-size is 0"));
    }

    @Test
    void wrongSettingsFailALazyApplicationAsWell() {
        enabled.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withPropertyValues("databricks.telemetry.batch-size=0")
                .run(context -> assertThat(context).hasFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.boot.actuate",
                "io.micrometer",
                "com.zaxxer.hikari",
                "org.springframework.jdbc",
                "com.databricks",
                "org.springframework.web.servlet",
                "org.springframework.web.reactive",
                "jakarta.servlet",
                "org.springframework.boot.health"
            })
    void startsWithoutALibraryThatAnApplicationMayLack(String missing) {
        Contexts.enabled()
                .withClassLoader(new FilteredClassLoader(missing))
                .withBean("dataSource", DataSource.class, JdbcDataSource::new)
                .withPropertyValues("management.endpoints.web.exposure.include=*")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context).hasSingleBean(TelemetryClientProvider.class);
                    assertThat(context).hasSingleBean(DataSourceTelemetryPostProcessor.class);
                });
    }

    @Test
    void hasNoActuatorPartsWithoutTheActuator() {
        enabled.withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health"))
                .run(context -> {
                    assertThat(context).doesNotHaveBean(TelemetryEndpoint.class);
                    assertThat(context).doesNotHaveBean("databricksTelemetryHealthIndicator");
                });
    }

    @Test
    void hasNoMetersWithoutARegistry() {
        Contexts.enabled().run(context -> assertThat(context).doesNotHaveBean(TelemetryMeterBinder.class));
    }

    @Test
    void hasNoHealthComponentIfThatIsSwitchedOff() {
        enabled.withPropertyValues("management.health.databricks-telemetry.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(Boot3HealthIndicator.class));
    }

    @Test
    void hasNoEndpointUnlessItIsExposed() {
        Contexts.enabled().run(context -> assertThat(context).doesNotHaveBean(TelemetryEndpoint.class));
    }

    @Test
    void takesTheHealthClassesOfSpringBootFour() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DatabricksTelemetryAutoConfiguration.class, DatabricksTelemetryActuatorAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate.health"))
                .withPropertyValues("databricks.telemetry.enabled=true")
                .run(context -> assertThat(context)
                        .hasSingleBean(Boot4HealthIndicator.class)
                        .doesNotHaveBean(Boot3HealthIndicator.class)
                        .hasBean("databricksTelemetryHealthIndicator"));
    }

    @Test
    void givesWayToTheApplicationsOwnBeans() {
        TelemetryExporterFactory exporter = new RecordingExporter()::create;
        TelemetryEngine engine = AnyEngine.with(exporter);
        List<String> asked = new ArrayList<>();
        DataSourceResolver resolver = (name, source) -> {
            asked.add(name);
            return null;
        };
        enabled.withBean("myExporters", TelemetryExporterFactory.class, () -> exporter)
                .withBean("myEngine", TelemetryClientProvider.class, () -> engine)
                .withBean("myResolver", DataSourceResolver.class, () -> resolver)
                .withBean("orders", DataSource.class, JdbcDataSource::new)
                .run(context -> {
                    assertThat(context).getBean(TelemetryExporterFactory.class).isSameAs(exporter);
                    assertThat(context).getBean(TelemetryClientProvider.class).isSameAs(engine);
                    assertThat(context).getBean(DataSourceResolver.class).isSameAs(resolver);
                    assertThat(asked).isNotEmpty().containsOnly("orders");
                });
    }

    @Test
    void makesAClientForEachHost() {
        enabled.withPropertyValues(
                        "databricks.telemetry.hosts.prod.host=prod.example.com",
                        "databricks.telemetry.hosts.test.host=test.example.com:8443")
                .run(context -> {
                    assertThat(context.getBean("prodTelemetryClient", TelemetryClient.class)
                                    .host())
                            .isEqualTo("prod.example.com:443");
                    assertThat(context.getBean("testTelemetryClient", TelemetryClient.class)
                                    .host())
                            .isEqualTo("test.example.com:8443");
                    assertThat(context.getBean(TelemetryClientProvider.class).clients())
                            .hasSize(2);
                });
    }

    @Test
    void aHostsClientStartsNothingBeforeItIsUsed() {
        enabled.withPropertyValues("databricks.telemetry.hosts.prod.host=prod.example.com")
                .run(context -> {
                    assertThat(context.getBean("prodTelemetryClient")).isNotNull();
                    assertThat(context.getBean(TelemetryClientProvider.class).clients())
                            .isEmpty();
                });
    }

    @Test
    void aHostsClientIsInertWhileTelemetryIsOff() {
        Contexts.untouched()
                .withPropertyValues("databricks.telemetry.hosts.prod.host=prod.example.com")
                .run(context -> {
                    TelemetryClient client = context.getBean("prodTelemetryClient", TelemetryClient.class);
                    assertThat(client.emitter().isEnabled()).isFalse();
                    assertThat(client.statistics().status()).isEqualTo(ClientStatus.CLOSED);
                    assertThat(client.statistics().events().emitted()).isZero();
                    client.flush();
                    client.pause();
                    client.resume();
                    assertThat(client.emitter().isEnabled()).isFalse();
                });
    }

    @Test
    void aHostThatIsSwitchedOffHasAnInertClient() {
        enabled.withPropertyValues(
                        "databricks.telemetry.hosts.prod.host=prod.example.com",
                        "databricks.telemetry.hosts.prod.enabled=false")
                .run(context -> {
                    TelemetryClient client = context.getBean("prodTelemetryClient", TelemetryClient.class);
                    assertThat(client.emitter().isEnabled()).isFalse();
                    assertThat(client.host()).isEqualTo("prod.example.com:443");
                    assertThat(context.getBean(TelemetryClientProvider.class).clients())
                            .isEmpty();
                });
    }

    @Test
    void aBeanOfTheApplicationWithTheNameOfAHostsClientStays() {
        TelemetryClient own = ClientReference.disabled("own");
        enabled.withBean("prodTelemetryClient", TelemetryClient.class, () -> own)
                .withPropertyValues("databricks.telemetry.hosts.prod.host=prod.example.com")
                .run(context ->
                        assertThat(context).getBean("prodTelemetryClient").isSameAs(own));
    }

    @Test
    void aDataSourceThatDoesNotExistFailsTheStartAndNamesThoseThatDo() {
        enabled.withBean("orders", DataSource.class, JdbcDataSource::new)
                .withPropertyValues("databricks.telemetry.data-sources.oders.enabled=false")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidTelemetryPropertyException.class)
                        .hasMessageContaining("databricks.telemetry.data-sources.oders")
                        .hasMessageContaining("[orders]"));
    }

    @Test
    void aDataSourceThatExistsDoesNot() {
        enabled.withBean("orders", DataSource.class, JdbcDataSource::new)
                .withPropertyValues("databricks.telemetry.data-sources.orders.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void anSslBundleThatDoesNotExistFailsTheStart() {
        enabled.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withPropertyValues("databricks.telemetry.export.ssl-bundle=none")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(
                                "databricks.telemetry.export.ssl-bundle is 'none', which cannot be used"));
    }

    @Test
    void everyAutoConfigurationIsFoundBySpringBoot() {
        assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
                .contains(
                        DatabricksTelemetryAutoConfiguration.class.getName(),
                        DatabricksTelemetryHostsAutoConfiguration.class.getName(),
                        DatabricksTelemetryJdbcAutoConfiguration.class.getName(),
                        DatabricksTelemetryMetricsAutoConfiguration.class.getName(),
                        DatabricksTelemetryActuatorAutoConfiguration.class.getName());
    }
}
