package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.config.ExportLevel;
import java.time.Duration;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** Properties that hold for all hosts and can be set again for one of them, under {@code hosts.<name>}. */
public sealed class ClientProperties permits TelemetryProperties, HostProperties {

    /** Whether metrics are sent with the data source's credentials. If false, they carry nothing that identifies the workspace, the session or the statement. */
    private boolean authenticatedExport = true;

    /** Which metrics are sent to the workspace. */
    private ExportLevel level = ExportLevel.DEBUG;

    /** Number of finished metrics that triggers a flush, and the maximum size of one batch. */
    private int batchSize = 200;

    /** Maximum time that a finished metric waits before it is sent to the workspace. */
    private Duration flushInterval = Duration.ofSeconds(30);

    /** Maximum number of metrics per host that wait to be sent. Beyond it, the oldest metric without an error is dropped. */
    private int maxPending = 10_000;

    /** Maximum number of open statements per host that are tracked. Beyond it, the oldest one is evicted. */
    private int maxInFlightStatements = 5_000;

    /** Maximum number of errors that are kept for one statement. */
    private int maxErrorsPerStatement = 50;

    /** Maximum time that a statement stays open before it is evicted. */
    private Duration statementTtl = Duration.ofHours(1);

    /** How much of an exception is reported to the workspace. */
    private ErrorDetail errorDetail = ErrorDetail.NAME;

    /** Whether the JDBC driver's own telemetry is switched off for instrumented data sources. */
    private DriverTelemetryMode driverTelemetry = DriverTelemetryMode.REPLACE;

    /** How metrics are sent to the workspace. */
    @NestedConfigurationProperty
    private final ExportProperties export = new ExportProperties();

    /** When the circuit breaker of a host opens and closes. */
    @NestedConfigurationProperty
    private final CircuitBreakerProperties circuitBreaker = new CircuitBreakerProperties();

    /** How the workspace's feature flag is read. */
    @NestedConfigurationProperty
    private final FeatureFlagProperties featureFlag = new FeatureFlagProperties();

    public boolean isAuthenticatedExport() {
        return authenticatedExport;
    }

    public void setAuthenticatedExport(boolean authenticatedExport) {
        this.authenticatedExport = authenticatedExport;
    }

    public ExportLevel getLevel() {
        return level;
    }

    public void setLevel(ExportLevel level) {
        this.level = level;
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public Duration getFlushInterval() {
        return flushInterval;
    }

    public void setFlushInterval(Duration flushInterval) {
        this.flushInterval = flushInterval;
    }

    public int getMaxPending() {
        return maxPending;
    }

    public void setMaxPending(int maxPending) {
        this.maxPending = maxPending;
    }

    public int getMaxInFlightStatements() {
        return maxInFlightStatements;
    }

    public void setMaxInFlightStatements(int maxInFlightStatements) {
        this.maxInFlightStatements = maxInFlightStatements;
    }

    public int getMaxErrorsPerStatement() {
        return maxErrorsPerStatement;
    }

    public void setMaxErrorsPerStatement(int maxErrorsPerStatement) {
        this.maxErrorsPerStatement = maxErrorsPerStatement;
    }

    public Duration getStatementTtl() {
        return statementTtl;
    }

    public void setStatementTtl(Duration statementTtl) {
        this.statementTtl = statementTtl;
    }

    public ErrorDetail getErrorDetail() {
        return errorDetail;
    }

    public void setErrorDetail(ErrorDetail errorDetail) {
        this.errorDetail = errorDetail;
    }

    public DriverTelemetryMode getDriverTelemetry() {
        return driverTelemetry;
    }

    public void setDriverTelemetry(DriverTelemetryMode driverTelemetry) {
        this.driverTelemetry = driverTelemetry;
    }

    public ExportProperties getExport() {
        return export;
    }

    public CircuitBreakerProperties getCircuitBreaker() {
        return circuitBreaker;
    }

    public FeatureFlagProperties getFeatureFlag() {
        return featureFlag;
    }
}
