package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Health of telemetry on Spring Boot 3. Thread-safe. */
public final class Boot3HealthIndicator implements HealthIndicator {

    private final TelemetryClientProvider provider;

    public Boot3HealthIndicator(TelemetryClientProvider provider) {
        this.provider = provider;
    }

    @Override
    public Health health() {
        HostReport.Health report = HostReport.health(provider);
        Health.Builder health = report.up() ? Health.up() : Health.unknown();
        return health.withDetails(report.details()).build();
    }
}
