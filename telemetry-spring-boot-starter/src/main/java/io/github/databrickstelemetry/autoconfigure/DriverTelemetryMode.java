package io.github.databrickstelemetry.autoconfigure;

/** What becomes of the JDBC driver's own telemetry for a data source that this library observes. */
public enum DriverTelemetryMode {
    /** It is switched off, so that nothing is reported twice. */
    REPLACE,
    /** It stays as the URL says. */
    LEAVE
}
