package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of each data source, for people to look at. Thread-safe, and bounded. */
final class DataSourceStatuses {

    private static final Logger LOGGER = LoggerFactory.getLogger(DataSourceStatuses.class);
    private static final int MAX = 1_000;

    private final List<DataSourceStatus> statuses = new CopyOnWriteArrayList<>();

    /** All of them, by bean name. */
    List<DataSourceStatus> all() {
        return statuses.stream()
                .sorted(Comparator.comparing(DataSourceStatus::beanName).thenComparing(DataSourceStatus::toString))
                .toList();
    }

    /** Of a bean that is instrumented it is not worth saying that something around it is not. */
    synchronized void add(DataSourceStatus added) {
        Predicate<DataSourceStatus> ofBean = known -> known.beanName().equals(added.beanName());
        Predicate<DataSourceStatus> ofNone = known -> known.instrumentation() == Instrumentation.NONE;
        if (statuses.contains(added) || (ofNone.test(added) && statuses.stream().anyMatch(ofBean))) {
            return;
        }
        statuses.removeIf(ofBean.and(ofNone));
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
