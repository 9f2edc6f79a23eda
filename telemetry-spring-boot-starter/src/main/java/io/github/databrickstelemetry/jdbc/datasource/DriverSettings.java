package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Sets driver properties in data sources that are instrumented from outside, and takes them back if one turns out not to
 * be instrumented. Thread-safe. Data sources are remembered weakly.
 */
final class DriverSettings {

    /** What was set, and how to take it back. */
    private record Change(DriverOverrides set, Consumer<DataSource> undo) {}

    private final WeakIdentityMap<DataSource, Change> changed = new WeakIdentityMap<>();
    private final Guard guard;

    DriverSettings(Guard guard) {
        this.guard = guard;
    }

    /**
     * Overrides properties of the driver in the bean's own, unless its URL, which would beat them, says otherwise.
     *
     * @return what is set
     */
    DriverOverrides override(DataSource dataSource, JdbcSource read, DataSourceDescription description) {
        changed.removeCollected();
        // Initialisation may have started a pool that was given its properties in time.
        Change before = changed.get(dataSource);
        if (before != null) {
            return before.set();
        }
        DriverOverrides none = new DriverOverrides(Map.of(), description.adapter());
        String url = read.url();
        if (url == null) {
            return none;
        }
        DriverOverrides all = DriverOverrides.known(description.overrides(), description.adapter(), dataSource);
        DriverOverrides wanted = all.contradicts(url)
                ? DriverOverrides.known(description.driverOverrides(), description.adapter(), dataSource)
                : all;
        if (wanted.isEmpty() || wanted.contradicts(url)) {
            return none;
        }
        guard.run("driver properties", () -> {
            Consumer<DataSource> undo = DriverProperties.set(dataSource, wanted, url);
            if (undo != null) {
                changed.putIfAbsent(dataSource, new Change(wanted, undo));
            }
        });
        return changed.get(dataSource) == null ? none : wanted;
    }

    /** The driver's own telemetry goes on, as nothing else reports. */
    DriverTelemetry restore(DataSource dataSource, DataSourceDescription description) {
        Change change = changed.remove(dataSource);
        if (change != null) {
            guard.run("driver properties", () -> change.undo().accept(dataSource));
        }
        return description.driverOverrides().isEmpty() ? DriverTelemetry.UNCHANGED : DriverTelemetry.LEFT;
    }
}
