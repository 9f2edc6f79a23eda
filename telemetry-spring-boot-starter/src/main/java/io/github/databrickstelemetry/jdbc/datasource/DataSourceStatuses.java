package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of each data source, for people to look at. Thread-safe, and bounded. */
final class DataSourceStatuses {

    private static final Logger LOGGER = LoggerFactory.getLogger(DataSourceStatuses.class);
    private static final int MAX = 1_000;

    private final List<DataSourceStatus> statuses = new CopyOnWriteArrayList<>();

    List<DataSourceStatus> all() {
        return List.copyOf(statuses);
    }

    /** One that telemetry has something to do with. */
    void concerned(
            DataSourceDescription dataSource,
            String beanName,
            Instrumentation instrumentation,
            DriverTelemetry driverTelemetry,
            @Nullable String reason) {
        note(new DataSourceStatus(beanName, dataSource.host().key(), instrumentation, driverTelemetry, reason));
    }

    /** One that is left alone. Without a reason it is a data source that telemetry has nothing to do with. */
    void leftAlone(String beanName, @Nullable String reason) {
        if (reason != null) {
            note(new DataSourceStatus(beanName, null, Instrumentation.NONE, DriverTelemetry.UNCHANGED, reason));
        }
    }

    /** Of a bean that is instrumented it is not worth saying that something around it is not. */
    private synchronized void note(DataSourceStatus added) {
        boolean instrumented = added.instrumentation() != Instrumentation.NONE;
        for (DataSourceStatus known : all()) {
            if (known.beanName().equals(added.beanName())) {
                if (!instrumented || known.equals(added)) {
                    return;
                }
                if (known.instrumentation() == Instrumentation.NONE) {
                    statuses.remove(known);
                }
            }
        }
        if (statuses.size() < MAX) {
            statuses.add(added);
            LOGGER.debug(
                    "Data source {} is instrumented {}: host {}, driver's own telemetry {}, {}",
                    added.beanName(),
                    added.instrumentation(),
                    added.host(),
                    added.driverTelemetry(),
                    added.reason() == null ? "nothing to note" : added.reason());
        }
    }
}
