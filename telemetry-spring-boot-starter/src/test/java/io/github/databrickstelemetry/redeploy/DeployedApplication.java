package io.github.databrickstelemetry.redeploy;

import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryActuatorAutoConfiguration;
import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryAutoConfiguration;
import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryHostsAutoConfiguration;
import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryInsightAutoConfiguration;
import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryJdbcAutoConfiguration;
import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryMetricsAutoConfiguration;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application as a container deploys it: everything but the JDK is loaded by a loader of its own. Public because
 * the container, which is the test, knows it by name only.
 */
public final class DeployedApplication implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    /** Starts it. */
    public DeployedApplication(String[] properties) {
        SpringApplication application = new SpringApplicationBuilder(Wiring.class)
                .properties(properties)
                .build();
        // As SpringBootServletInitializer does: the JVM's end is not the application's.
        application.setRegisterShutdownHook(false);
        this.context = application.run();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        EndpointAutoConfiguration.class,
        HealthContributorAutoConfiguration.class,
        HealthEndpointAutoConfiguration.class,
        MetricsAutoConfiguration.class,
        CompositeMeterRegistryAutoConfiguration.class,
        SimpleMetricsExportAutoConfiguration.class,
        DatabricksTelemetryAutoConfiguration.class,
        DatabricksTelemetryHostsAutoConfiguration.class,
        DatabricksTelemetryJdbcAutoConfiguration.class,
        DatabricksTelemetryInsightAutoConfiguration.class,
        DatabricksTelemetryActuatorAutoConfiguration.class,
        DatabricksTelemetryMetricsAutoConfiguration.class
    })
    static class Wiring {}

    /** Runs a statement, and one that fails. */
    public void work() {
        JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
        jdbc.queryForObject("select 1", Integer.class);
        try {
            jdbc.execute("select nonsense");
        } catch (RuntimeException expected) {
            jdbc.execute("select 2");
        }
    }

    /** Stops it, and takes its drivers back as containers do. */
    @Override
    public void close() throws SQLException {
        context.close();
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.getClass().getClassLoader() == DeployedApplication.class.getClassLoader()) {
                DriverManager.deregisterDriver(driver);
            }
        }
    }
}
