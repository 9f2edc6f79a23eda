package io.github.databrickstelemetry.jdbc;

import java.lang.reflect.Field;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.ReflectionUtils;

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

    /**
     * Changes the routes in place. To set them anew would run the application's own code again, which maps the keys and
     * need not understand what it has mapped already.
     */
    private static void instrumentRoutes(AbstractRoutingDataSource routing, UnaryOperator<DataSource> instrument) {
        Field routesField = field("resolvedDataSources");
        Field defaultField = field("resolvedDefaultDataSource");
        IdentityHashMap<DataSource, DataSource> observed = new IdentityHashMap<>();
        if (ReflectionUtils.getField(routesField, routing) instanceof Map<?, ?> routes) {
            replace(routes, observed, instrument);
        }
        if (ReflectionUtils.getField(defaultField, routing) instanceof DataSource fallback) {
            ReflectionUtils.setField(defaultField, routing, observed.computeIfAbsent(fallback, instrument));
        }
    }

    @SuppressWarnings("unchecked")
    private static void replace(
            Map<?, ?> routes, IdentityHashMap<DataSource, DataSource> observed, UnaryOperator<DataSource> instrument) {
        ((Map<Object, DataSource>) routes).replaceAll((key, target) -> observed.computeIfAbsent(target, instrument));
    }

    private static Field field(String name) {
        Field field = ReflectionUtils.findField(AbstractRoutingDataSource.class, name);
        if (field == null) {
            throw new IllegalStateException("Another Spring: its routes are called otherwise");
        }
        ReflectionUtils.makeAccessible(field);
        return field;
    }
}
