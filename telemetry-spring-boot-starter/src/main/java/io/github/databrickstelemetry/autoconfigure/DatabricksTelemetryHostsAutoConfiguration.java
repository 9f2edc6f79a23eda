package io.github.databrickstelemetry.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * A {@code TelemetryClient} bean for each entry under {@code databricks.telemetry.hosts}. The beans exist while telemetry
 * is off as well, so that an application which injects one starts; they do nothing then.
 */
@AutoConfiguration(after = DatabricksTelemetryAutoConfiguration.class)
@Import(HostClientRegistrar.class)
public class DatabricksTelemetryHostsAutoConfiguration {}
