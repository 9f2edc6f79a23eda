package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.actuate.TelemetryEndpoint;
import io.github.databrickstelemetry.properties.UnknownProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

/** A misspelt property fails nothing, and is named where people look when something does not work. */
class UnknownPropertiesTest {

    private static final String[] MISSPELT = {
        "databricks.telemetry.batchsizes=secret",
        "databricks.telemetry.export.max-retrys=5",
        "databricks.telemetry.hosts.main.host=adb-1.2.azuredatabricks.net",
        "databricks.telemetry.hosts.main.tokn=secret"
    };

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neverFailTheStart(boolean enabled) {
        Contexts.untouched()
                .withPropertyValues("databricks.telemetry.enabled=" + enabled)
                .withPropertyValues(MISSPELT)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void areNamedByTheEndpointWithoutTheirValues() {
        Contexts.enabled()
                .withPropertyValues("management.endpoints.web.exposure.include=*")
                .withPropertyValues(MISSPELT)
                .run(context -> {
                    Map<String, Object> all =
                            context.getBean(TelemetryEndpoint.class).all();
                    assertThat(all)
                            .containsEntry(
                                    "unknownProperties",
                                    List.of(
                                            "databricks.telemetry.batchsizes",
                                            "databricks.telemetry.export.max-retrys",
                                            "databricks.telemetry.hosts.main.tokn"));
                    assertThat(all.toString()).doesNotContain("secret");
                });
    }

    @Test
    void areNoneWhereEveryNameIsKnownHoweverItIsWritten() {
        Environment environment = new MockEnvironment()
                .withProperty("databricks.telemetry.enabled", "true")
                .withProperty("databricks.telemetry.batchSize", "5")
                .withProperty("databricks.telemetry.flush_interval", "1s")
                .withProperty("databricks.telemetry.export.authenticated-paths[0]", "/a")
                .withProperty("databricks.telemetry.export.authenticated-paths[1]", "/b")
                .withProperty("databricks.telemetry.export.headers.X-Team", "a")
                .withProperty("databricks.telemetry.export.headers[X.Team]", "a")
                .withProperty("databricks.telemetry.data-sources.dataSource.enabled", "false")
                .withProperty("databricks.telemetry.hosts.main.circuit-breaker.open-timeout", "1s")
                .withProperty("databricks.telemetryx.other", "1");

        assertThat(UnknownProperties.in(environment)).isEmpty();
    }

    @Test
    void ofTheEnvironmentAreNobodysTypingErrors() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of(
                                        "DATABRICKS_TELEMETRY_DISABLED", "false",
                                        "DATABRICKS_TELEMETRY_ENABLED", "true",
                                        "DATABRICKS_TELEMETRY_BATCHSIZE", "7",
                                        "DATABRICKS_TELEMETRY_EXPORT_MAXRETRIES", "1",
                                        "DATABRICKS_TELEMETRY_WHATEVER", "1")));

        assertThat(UnknownProperties.in(environment)).isEmpty();
    }
}
