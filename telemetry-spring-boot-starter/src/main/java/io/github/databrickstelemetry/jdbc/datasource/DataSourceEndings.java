package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetry.Held;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Knows which bean closes which data sources, so that their sessions end with the bean: the bean itself, or a router whose
 * targets are no beans. Thread-safe. Beans and data sources are remembered weakly; one that was collected has ended.
 */
final class DataSourceEndings {

    private final WeakIdentityMap<Object, List<WeakReference<DataSourceTelemetry>>> byOwner = new WeakIdentityMap<>();
    private final WeakIdentityMap<Object, DataSourceTelemetry> byTarget = new WeakIdentityMap<>();
    private final WeakIdentityMap<DataSourceTelemetry, AtomicReference<@Nullable Held>> held = new WeakIdentityMap<>();
    private final Guard guard;

    DataSourceEndings(Guard guard) {
        this.guard = guard;
    }

    /** @param owner the bean whose end is the end of the target */
    void add(Object owner, Object target, DataSourceTelemetry telemetry) {
        byTarget.putIfAbsent(target, telemetry);
        held.putIfAbsent(telemetry, telemetry.held());
        List<WeakReference<DataSourceTelemetry>> created = new CopyOnWriteArrayList<>();
        List<WeakReference<DataSourceTelemetry>> known = byOwner.putIfAbsent(owner, created);
        List<WeakReference<DataSourceTelemetry>> list = known == null ? created : known;
        list.removeIf(reference -> reference.refersTo(null) || reference.refersTo(telemetry));
        list.add(new WeakReference<>(telemetry));
    }

    boolean has(Object owner) {
        return byOwner.get(owner) != null;
    }

    /** The bean is about to be closed. */
    void end(Object owner) {
        end(byOwner.remove(owner));
    }

    /** The last ones of an application: whatever is still open is reported now. */
    void endAll() {
        List<DataSourceTelemetry> all = new ArrayList<>();
        byTarget.removeIf((target, telemetry) -> {
            all.add(telemetry);
            return true;
        });
        endCollected();
        all.forEach(DataSourceTelemetry::close);
    }

    /** Ends the data sources that were collected. */
    void endCollected() {
        byTarget.removeCollected().forEach(DataSourceTelemetry::end);
        byOwner.removeCollected().forEach(DataSourceEndings::end);
        // Their pool has lost a connection instead of closing it, as HikariCP may at its end.
        held.removeCollected().forEach(reference -> DataSourceTelemetry.release(reference, guard));
    }

    private static void end(@Nullable List<WeakReference<DataSourceTelemetry>> ended) {
        if (ended != null) {
            for (WeakReference<DataSourceTelemetry> reference : ended) {
                DataSourceTelemetry telemetry = reference.get();
                if (telemetry != null) {
                    telemetry.end();
                }
            }
        }
    }
}
