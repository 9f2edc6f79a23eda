package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.runtime.internal.Guard;
import javax.sql.DataSource;
import org.slf4j.LoggerFactory;

/** Puts data sources under observation without an application context. */
final class Observed {

    private Observed() {}

    /** Wraps what gives out physical connections. */
    static DataSource below(DataSource dataSource, TelemetryClientProvider telemetry) {
        return below(dataSource, telemetry, DriverAdapter.NONE);
    }

    static DataSource below(DataSource dataSource, TelemetryClientProvider telemetry, DriverAdapter adapter) {
        ObservedSource source = new ObservedSource(
                RecordingTelemetry.observed("bean", adapter, java.util.Map.of()), telemetry, guard());
        return new ObservingDataSource(dataSource, new PhysicalObserver(source));
    }

    /** What becomes of a bean. */
    static DataSource bean(DataSource dataSource, TelemetryClientProvider telemetry) {
        DataSourceTelemetryPostProcessor postProcessor =
                new DataSourceTelemetryPostProcessor(RecordingTelemetry::resolveAll, () -> telemetry);
        return (DataSource) postProcessor.postProcessAfterInitialization(
                postProcessor.postProcessBeforeInitialization(dataSource, "bean"), "bean");
    }

    static Guard guard() {
        return new Guard(LoggerFactory.getLogger(Observed.class));
    }
}
