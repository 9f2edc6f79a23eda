package io.github.databrickstelemetry.properties;

/** Whether the JDBC driver's own telemetry is switched off for an instrumented data source. */
public enum DriverTelemetryMode {
    /** The driver's own telemetry is switched off, so that nothing is reported twice. */
    REPLACE,
    /** The driver's own telemetry stays as the JDBC URL says. */
    LEAVE
}
