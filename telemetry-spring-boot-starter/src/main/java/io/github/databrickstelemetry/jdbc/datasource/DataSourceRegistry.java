package io.github.databrickstelemetry.jdbc.datasource;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetry.Held;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry of each data source, and the beans whose end is its end: the data source itself, or a router whose targets
 * are no beans. Thread-safe. Beans and data sources are remembered weakly; one that was collected has ended.
 */
final class DataSourceRegistry {

    private final Cache<DataSource, DataSourceTelemetry> telemetry;
    private final Map<Object, Set<DataSourceTelemetry>> byOwner =
            WeakKeys.<Object, Set<DataSourceTelemetry>>cache().asMap();

    /** For telemetry whose pool has lost a connection instead of closing it, as HikariCP may at its end. */
    private final Cache<DataSourceTelemetry, AtomicReference<@Nullable Held>> references;

    DataSourceRegistry(Guard guard) {
        this.telemetry = WeakKeys.cache(guard, DataSourceTelemetry::end);
        this.references = WeakKeys.cache(guard, held -> DataSourceTelemetry.release(held, guard));
    }

    @Nullable
    DataSourceTelemetry telemetry(DataSource dataSource) {
        return telemetry.getIfPresent(dataSource);
    }

    /** @param owner the bean whose end is the end of the data source, or null if none is destroyed */
    void add(@Nullable Object owner, DataSource dataSource, DataSourceTelemetry of) {
        telemetry.put(dataSource, of);
        references.put(of, of.held());
        if (owner != null) {
            byOwner.computeIfAbsent(owner, first -> WeakKeys.set()).add(of);
        }
    }

    boolean isOwner(Object bean) {
        return byOwner.containsKey(bean);
    }

    /** The bean is about to be closed. */
    void end(Object owner) {
        Set<DataSourceTelemetry> ended = byOwner.remove(owner);
        if (ended != null) {
            ended.forEach(DataSourceTelemetry::end);
        }
    }

    /** Ends the data sources that were collected. */
    void endCollected() {
        telemetry.cleanUp();
        references.cleanUp();
    }

    /** The last ones of an application: whatever is still open is reported now. */
    void endAll() {
        List.copyOf(telemetry.asMap().values()).forEach(DataSourceTelemetry::close);
        endCollected();
    }
}
