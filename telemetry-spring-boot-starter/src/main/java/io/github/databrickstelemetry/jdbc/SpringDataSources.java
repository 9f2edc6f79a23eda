package io.github.databrickstelemetry.jdbc;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Data sources of Spring that stand before others. They are not observed themselves; their targets are, unless those are
 * beans and were seen as such. Touched only where Spring's JDBC module is on the class path.
 */
final class SpringDataSources {

    private SpringDataSources() {}

    /** Whether connections of this data source come from others. */
    static boolean standsBeforeOthers(DataSource dataSource) {
        return dataSource instanceof DelegatingDataSource || dataSource instanceof AbstractRoutingDataSource;
    }

    /** Instruments the targets; routes are known only once the data source is initialised. */
    static void instrumentTargets(DataSource dataSource, boolean initialised, UnaryOperator<DataSource> instrument) {
        if (dataSource instanceof DelegatingDataSource delegating) {
            DataSource target = delegating.getTargetDataSource();
            if (target != null) {
                DataSource observed = instrument.apply(target);
                if (observed != target) {
                    delegating.setTargetDataSource(observed);
                }
            }
        } else if (dataSource instanceof AbstractRoutingDataSource routing && initialised) {
            instrumentRoutes(routing, instrument);
        }
    }

    private static void instrumentRoutes(AbstractRoutingDataSource routing, UnaryOperator<DataSource> instrument) {
        IdentityHashMap<DataSource, DataSource> observed = new IdentityHashMap<>();
        Map<Object, Object> routes = new LinkedHashMap<>();
        boolean changed = false;
        for (Map.Entry<Object, DataSource> route :
                routing.getResolvedDataSources().entrySet()) {
            DataSource target = observed.computeIfAbsent(route.getValue(), instrument);
            routes.put(route.getKey(), target);
            changed |= target != route.getValue();
        }
        DataSource fallback = routing.getResolvedDefaultDataSource();
        if (fallback != null) {
            DataSource target = observed.computeIfAbsent(fallback, instrument);
            if (target != fallback) {
                routing.setDefaultTargetDataSource(target);
                changed = true;
            }
        }
        if (changed) {
            routing.setTargetDataSources(routes);
            routing.afterPropertiesSet();
        }
    }
}
