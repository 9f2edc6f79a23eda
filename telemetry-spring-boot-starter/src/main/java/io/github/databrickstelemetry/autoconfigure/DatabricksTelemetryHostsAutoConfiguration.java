package io.github.databrickstelemetry.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * A {@code TelemetryClient} bean for each entry under {@code databricks.telemetry.hosts}, also while telemetry is off:
 * the clients are inert then.
 */
@AutoConfiguration(after = DatabricksTelemetryAutoConfiguration.class)
@Lazy
@Conditional(OnTelemetryCondition.class)
@Import(HostClientRegistrar.class)
public class DatabricksTelemetryHostsAutoConfiguration {}
