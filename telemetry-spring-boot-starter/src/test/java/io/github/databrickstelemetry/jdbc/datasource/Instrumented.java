package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.runtime.internal.Guard;
import javax.sql.DataSource;
import org.slf4j.LoggerFactory;

/** Puts data sources under observation without an application context. */
public final class Instrumented {

    private Instrumented() {}

    /** Wraps what gives out physical connections. */
    public static DataSource below(DataSource dataSource, TelemetryClientProvider telemetry) {
        return below(dataSource, telemetry, DriverAdapter.NONE);
    }

    public static DataSource below(DataSource dataSource, TelemetryClientProvider telemetry, DriverAdapter adapter) {
        DataSourceTelemetry source = new DataSourceTelemetry(
                RecordingTelemetry.observed("bean", adapter, java.util.Map.of()), () -> telemetry, guard());
        return new InstrumentingDataSource(dataSource, source);
    }

    /** With what the application's own tools want. */
    public static DataSource below(
            DataSource dataSource, TelemetryClientProvider telemetry, LocalDataSource local, LocalContext context) {
        return below(dataSource, telemetry, local, context, DriverAdapter.NONE);
    }

    /** With what the application's own tools want. */
    public static DataSource below(
            DataSource dataSource,
            TelemetryClientProvider telemetry,
            LocalDataSource local,
            LocalContext context,
            DriverAdapter adapter) {
        DataSourceDescription plain = RecordingTelemetry.observed("bean", adapter, java.util.Map.of());
        DataSourceDescription description = new DataSourceDescription(
                plain.host(),
                plain.target(),
                plain.details(),
                local,
                () -> context,
                plain.adapter(),
                plain.driverOverrides(),
                plain.queryTags());
        return new InstrumentingDataSource(dataSource, new DataSourceTelemetry(description, () -> telemetry, guard()));
    }

    /** What becomes of a bean. */
    public static DataSource bean(DataSource dataSource, TelemetryClientProvider telemetry) {
        return bean(dataSource, telemetry, RecordingTelemetry.resolveAll());
    }

    /** What becomes of a bean. */
    public static DataSource bean(
            DataSource dataSource, TelemetryClientProvider telemetry, DataSourceResolver resolver) {
        DataSourceTelemetryPostProcessor postProcessor =
                new DataSourceTelemetryPostProcessor(() -> resolver, () -> telemetry, guard());
        return (DataSource) postProcessor.postProcessAfterInitialization(
                postProcessor.postProcessBeforeInitialization(dataSource, "bean"), "bean");
    }

    public static Guard guard() {
        return new Guard(LoggerFactory.getLogger(Instrumented.class));
    }
}
