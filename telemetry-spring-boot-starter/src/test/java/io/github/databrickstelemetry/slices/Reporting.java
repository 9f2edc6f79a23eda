package io.github.databrickstelemetry.slices;

import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryAutoConfiguration;
import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryHostsAutoConfiguration;
import io.github.databrickstelemetry.autoconfigure.DatabricksTelemetryJdbcAutoConfiguration;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** Telemetry in a slice, which by itself leaves out every auto-configuration that it does not know. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ImportAutoConfiguration({
    DatabricksTelemetryAutoConfiguration.class,
    DatabricksTelemetryHostsAutoConfiguration.class,
    DatabricksTelemetryJdbcAutoConfiguration.class
})
@Import(SlicesTest.Service.class)
@TestPropertySource(
        properties = {
            "databricks.telemetry.enabled=true",
            "databricks.telemetry.feature-flag.enabled=false",
            "databricks.telemetry.flush-interval=1h",
            "databricks.telemetry.data-sources.dataSource.host=adb-1.2.azuredatabricks.net"
        })
@interface Reporting {}
