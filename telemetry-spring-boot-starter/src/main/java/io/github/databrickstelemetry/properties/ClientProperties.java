package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.config.ExportLevel;
import java.time.Duration;

/** Properties that hold for all hosts and can be set again for one of them, under {@code hosts.<name>}. */
public sealed interface ClientProperties permits TelemetryProperties, HostProperties {

    boolean authenticatedExport();

    ExportLevel level();

    int batchSize();

    Duration flushInterval();

    int maxPending();

    int maxInFlightStatements();

    int maxErrorsPerStatement();

    Duration statementTtl();

    ErrorDetail errorDetail();

    DriverTelemetryMode driverTelemetry();

    ExportProperties export();

    CircuitBreakerProperties circuitBreaker();

    FeatureFlagProperties featureFlag();
}
