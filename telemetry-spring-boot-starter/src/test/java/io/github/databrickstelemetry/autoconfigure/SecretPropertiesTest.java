package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.context.properties.ConfigurationPropertiesReportEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An endpoint that shows all values shows no secret of this library. */
class SecretPropertiesTest {

    private static final String SECRET = "dapi-secret";

    private final ApplicationContextRunner application = Contexts.withEnvironment(
                    Contexts.untouched(), Map.of("DATABRICKS_TELEMETRY_HOSTS_OTHER_TOKEN", SECRET))
            .withConfiguration(AutoConfigurations.of(
                    EnvironmentEndpointAutoConfiguration.class,
                    ConfigurationPropertiesReportEndpointAutoConfiguration.class))
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=*",
                    "management.endpoint.env.show-values=always",
                    "management.endpoint.configprops.show-values=always",
                    "databricks.telemetry.hosts.other.host=other.example.com",
                    "databricks.telemetry.hosts.main.host=main.example.com",
                    "databricks.telemetry.hosts.main.token=" + SECRET,
                    "databricks.telemetry.export.proxy.host=proxy.example.com",
                    "databricks.telemetry.export.proxy.port=3128",
                    "databricks.telemetry.export.proxy.password=" + SECRET,
                    "databricks.telemetry.hosts.main.export.headers.x-key=" + SECRET,
                    "databricks.telemetry.export.headers.x-key=" + SECRET);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areMaskedInTheEnvironment(boolean enabled) {
        application
                .withPropertyValues("databricks.telemetry.enabled=" + enabled)
                .run(context -> assertThat(
                                shown(context.getBean(EnvironmentEndpoint.class).environment(null)))
                        .contains("main.example.com", "proxy.example.com")
                        .doesNotContain(SECRET));
    }

    @Test
    void areMaskedInTheConfigurationProperties() {
        application
                .withPropertyValues("databricks.telemetry.enabled=true")
                .run(context -> assertThat(shown(context.getBean(ConfigurationPropertiesReportEndpoint.class)
                                .configurationProperties()))
                        .contains("main.example.com", "proxy.example.com")
                        .doesNotContain(SECRET));
    }

    private static String shown(Object descriptor) throws Exception {
        return new ObjectMapper().writeValueAsString(descriptor);
    }
}
