package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetry.Held;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry of each data source, and the beans whose end is its end: the data source itself, or a router whose targets
 * are no beans. Thread-safe. Beans and data sources are remembered weakly; one that was collected has ended.
 */
final class DataSourceRegistry {

    private final WeakMap<DataSource, DataSourceTelemetry> telemetry;
    private final WeakMap<Object, WeakMap<DataSourceTelemetry, Boolean>> byOwner = new WeakMap<>();

    /** For telemetry whose pool has lost a connection instead of closing it, as HikariCP may at its end. */
    private final WeakMap<DataSourceTelemetry, AtomicReference<@Nullable Held>> references;

    DataSourceRegistry(Guard guard) {
        this.telemetry = new WeakMap<>(guard, DataSourceTelemetry::end);
        this.references = new WeakMap<>(guard, held -> DataSourceTelemetry.release(held, guard));
    }

    @Nullable
    DataSourceTelemetry telemetry(DataSource dataSource) {
        return telemetry.get(dataSource);
    }

    /** @param owner the bean whose end is the end of the data source, or null if none is destroyed */
    void add(@Nullable Object owner, DataSource dataSource, DataSourceTelemetry of) {
        telemetry.put(dataSource, of);
        references.put(of, of.held());
        if (owner != null) {
            byOwner.computeIfAbsent(owner, WeakMap::new).put(of, true);
        }
    }

    boolean isOwner(Object bean) {
        return byOwner.containsKey(bean);
    }

    /** The bean is about to be closed. */
    void end(Object owner) {
        WeakMap<DataSourceTelemetry, Boolean> ended = byOwner.remove(owner);
        if (ended != null) {
            ended.keys().forEach(DataSourceTelemetry::end);
        }
    }

    /** Ends the data sources that were collected. */
    void endCollected() {
        telemetry.cleanUp();
        references.cleanUp();
    }

    /** The last ones of an application: whatever is still open is reported now. */
    void endAll() {
        telemetry.values().forEach(DataSourceTelemetry::close);
        endCollected();
    }
}
