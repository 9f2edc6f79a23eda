package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Health of telemetry on Spring Boot 4. Thread-safe. */
public final class Boot4HealthIndicator implements HealthIndicator {

    private final TelemetryClientProvider provider;

    public Boot4HealthIndicator(TelemetryClientProvider provider) {
        this.provider = provider;
    }

    @Override
    public Health health() {
        HostReport.Health report = HostReport.health(provider);
        Health.Builder health = report.up() ? Health.up() : Health.unknown();
        return health.withDetails(report.details()).build();
    }
}
