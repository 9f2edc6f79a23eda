package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Sets driver properties in data sources that are instrumented from outside, and takes them back if one turns out not to
 * be instrumented. Thread-safe. Data sources are remembered weakly.
 */
final class DriverSettings {

    private final WeakIdentityMap<DataSource, Consumer<DataSource>> changed = new WeakIdentityMap<>();
    private final Guard guard;

    DriverSettings(Guard guard) {
        this.guard = guard;
    }

    /** Overrides properties of the driver in the bean's own, unless its URL, which would beat them, says otherwise. */
    DriverTelemetry override(DataSource dataSource, JdbcSource read, DataSourceDescription description) {
        if (description.driverOverrides().isEmpty()) {
            return DriverTelemetry.UNCHANGED;
        }
        changed.removeCollected();
        String url = read.url();
        DriverOverrides overrides = DriverOverrides.known(description, dataSource);
        if (url == null || overrides.isEmpty() || overrides.contradicts(url)) {
            return DriverTelemetry.LEFT;
        }
        // Initialisation may have started a pool that was given its properties in time.
        if (changed.get(dataSource) == null) {
            guard.run("driver properties", () -> {
                Consumer<DataSource> undo = DriverProperties.set(dataSource, overrides, url);
                if (undo != null) {
                    changed.putIfAbsent(dataSource, undo);
                }
            });
        }
        return changed.get(dataSource) == null ? DriverTelemetry.LEFT : DriverTelemetry.REPLACED;
    }

    /** The driver's own telemetry goes on, as nothing else reports. */
    DriverTelemetry restore(DataSource dataSource, DataSourceDescription description) {
        Consumer<DataSource> undo = changed.remove(dataSource);
        if (undo != null) {
            guard.run("driver properties", () -> undo.accept(dataSource));
        }
        return description.driverOverrides().isEmpty() ? DriverTelemetry.UNCHANGED : DriverTelemetry.LEFT;
    }
}
