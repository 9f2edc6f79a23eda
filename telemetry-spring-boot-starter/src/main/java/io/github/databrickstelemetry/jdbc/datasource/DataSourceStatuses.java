package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What became of each data source, for people to look at. Thread-safe, and bounded. */
final class DataSourceStatuses {

    private static final int MAX = 1_000;

    private final List<DataSourceStatus> statuses = new CopyOnWriteArrayList<>();

    List<DataSourceStatus> all() {
        return List.copyOf(statuses);
    }

    /** One that the resolver would have observed. */
    void observable(
            DataSourceDescription dataSource,
            Instrumentation instrumentation,
            DriverTelemetry driverTelemetry,
            @Nullable String reason) {
        note(new DataSourceStatus(
                dataSource.beanName(), dataSource.host().key(), instrumentation, driverTelemetry, reason));
    }

    /** One that is left alone. Without a reason it is a data source that telemetry has nothing to do with. */
    void unobserved(String beanName, @Nullable String reason) {
        if (reason != null) {
            note(new DataSourceStatus(beanName, null, Instrumentation.NONE, DriverTelemetry.UNCHANGED, reason));
        }
    }

    /** Of a bean that is observed it is not worth saying that something around it is not. */
    private synchronized void note(DataSourceStatus added) {
        boolean observed = added.instrumentation() != Instrumentation.NONE;
        for (DataSourceStatus known : all()) {
            if (known.beanName().equals(added.beanName())) {
                if (!observed || known.equals(added)) {
                    return;
                }
                if (known.instrumentation() == Instrumentation.NONE) {
                    statuses.remove(known);
                }
            }
        }
        if (statuses.size() < MAX) {
            statuses.add(added);
        }
    }
}
