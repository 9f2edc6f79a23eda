package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.actuate.Boot3HealthIndicator;
import io.github.databrickstelemetry.actuate.TelemetryEndpoint;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/** Reactive applications, and those without any web server. */
class WithoutServletsTest {

    @Test
    void aReactiveApplicationHasHealthAndTheEndpoint() {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(Contexts.OURS)
                .withPropertyValues(
                        "databricks.telemetry.enabled=true",
                        "databricks.telemetry.hosts.prod.host=prod.example.com",
                        "management.endpoints.web.exposure.include=*")
                .run(context -> {
                    assertThat(context).hasSingleBean(Boot3HealthIndicator.class);
                    assertThat(context.getBean(TelemetryEndpoint.class).all()).containsEntry("paused", false);
                });
    }

    @Test
    void anApplicationWithoutAWebServerHasTheEndpointInJmx() {
        Contexts.enabled()
                .withConfiguration(AutoConfigurations.of(
                        JmxAutoConfiguration.class,
                        EndpointAutoConfiguration.class,
                        JmxEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jmx.enabled=true",
                        "spring.jmx.unique-names=true",
                        "management.endpoints.jmx.exposure.include=databrickstelemetry")
                .run(context -> {
                    assertThat(context).hasSingleBean(TelemetryEndpoint.class);
                    MBeanServer server = context.getBean(MBeanServer.class);
                    ObjectName endpoint = server.queryNames(
                                    new ObjectName("org.springframework.boot:type=Endpoint,name=Databrickstelemetry,*"),
                                    null)
                            .iterator()
                            .next();

                    Object shown = server.invoke(
                            endpoint, "actOnAll", new Object[] {"PAUSE"}, new String[] {String.class.getName()});

                    assertThat(shown)
                            .isInstanceOfSatisfying(
                                    Map.class,
                                    all -> assertThat(all.get("paused")).isEqualTo(true));
                });
    }
}
