package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.autoconfigure.TelemetryProperties.CircuitBreaker;
import io.github.databrickstelemetry.autoconfigure.TelemetryProperties.Export;
import io.github.databrickstelemetry.autoconfigure.TelemetryProperties.FeatureFlag;
import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.properties.DriverTelemetryMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Properties that can be given for all hosts and again for one of them. What is null was not given, and comes from the
 * layer below.
 */
sealed interface ClientLayer permits TelemetryProperties, TelemetryProperties.Host {

    @Nullable
    Boolean authenticatedExport();

    @Nullable
    Integer batchSize();

    @Nullable
    Duration flushInterval();

    @Nullable
    Integer maxPending();

    @Nullable
    Integer maxInFlightStatements();

    @Nullable
    Integer maxErrorsPerStatement();

    @Nullable
    Duration statementTtl();

    @Nullable
    ErrorDetail errorDetail();

    @Nullable
    DriverTelemetryMode driverTelemetry();

    @Nullable
    Export export();

    @Nullable
    CircuitBreaker circuitBreaker();

    @Nullable
    FeatureFlag featureFlag();
}
