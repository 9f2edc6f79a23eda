package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.lang.reflect.Field;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.ReflectionUtils;

/**
 * Data sources of Spring that stand before others. They are not instrumented themselves; their targets are, unless those are
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
        IdentityHashMap<DataSource, DataSource> instrumented = new IdentityHashMap<>();
        UnaryOperator<DataSource> once = target -> instrumented.computeIfAbsent(target, instrument);
        if (dataSource instanceof DelegatingDataSource delegating) {
            replace(delegating.getTargetDataSource(), delegating::setTargetDataSource, once);
            if (delegating instanceof LazyConnectionDataSourceProxy lazy) {
                Field readOnly = field(LazyConnectionDataSourceProxy.class, "readOnlyDataSource");
                replace((DataSource) ReflectionUtils.getField(readOnly, lazy), lazy::setReadOnlyDataSource, once);
            }
        } else if (dataSource instanceof AbstractRoutingDataSource routing && initialised) {
            instrumentRoutes(routing, once);
        }
    }

    static boolean isRouter(DataSource dataSource) {
        return dataSource instanceof AbstractRoutingDataSource;
    }

    /** Advice for a router: looks at its routes again when they have changed. */
    static MethodInterceptor followingRoutes(DataSource router, UnaryOperator<DataSource> instrument, Guard guard) {
        return new ChangingRoutes((AbstractRoutingDataSource) router, instrument, guard);
    }

    /** Routes may be set anew while the application runs, for example for another tenant. */
    private static final class ChangingRoutes implements MethodInterceptor {

        private final AbstractRoutingDataSource router;
        private final UnaryOperator<DataSource> instrument;
        private final Guard guard;

        private volatile Routes seen;

        /** The map is replaced when routes are set, and may be changed in place. */
        private record Routes(@Nullable Object map, int size) {

            static Routes of(AbstractRoutingDataSource router) {
                Object map = routes(router);
                return new Routes(map, map instanceof Map<?, ?> routes ? routes.size() : 0);
            }

            boolean isSame(Routes other) {
                return map == other.map && size == other.size;
            }
        }

        ChangingRoutes(AbstractRoutingDataSource router, UnaryOperator<DataSource> instrument, Guard guard) {
            this.router = router;
            this.instrument = instrument;
            this.guard = guard;
            this.seen = Routes.of(router);
        }

        @Override
        public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
            if (invocation.getMethod().getName().equals("getConnection")) {
                guard.run("changed routes", this::look);
            }
            return invocation.proceed();
        }

        private void look() {
            if (!Routes.of(router).isSame(seen)) {
                synchronized (this) {
                    Routes now = Routes.of(router);
                    if (!now.isSame(seen)) {
                        instrumentTargets(router, true, instrument);
                        seen = now;
                    }
                }
            }
        }
    }

    private static void replace(
            @Nullable DataSource target, Consumer<DataSource> setter, UnaryOperator<DataSource> instrument) {
        if (target != null) {
            DataSource instrumented = instrument.apply(target);
            if (instrumented != target) {
                setter.accept(instrumented);
            }
        }
    }

    /**
     * Changes the routes in place. To set them anew would run the application's own code again, which maps the keys and
     * need not understand what it has mapped already.
     */
    @SuppressWarnings("unchecked")
    private static void instrumentRoutes(AbstractRoutingDataSource routing, UnaryOperator<DataSource> instrument) {
        if (routes(routing) instanceof Map<?, ?> routes) {
            ((Map<Object, DataSource>) routes).replaceAll((key, target) -> instrument.apply(target));
        }
        Field fallback = field(AbstractRoutingDataSource.class, "resolvedDefaultDataSource");
        replace(
                routing.getResolvedDefaultDataSource(),
                instrumented -> ReflectionUtils.setField(fallback, routing, instrumented),
                instrument);
    }

    private static @Nullable Object routes(AbstractRoutingDataSource routing) {
        return ReflectionUtils.getField(field(AbstractRoutingDataSource.class, "resolvedDataSources"), routing);
    }

    private static Field field(Class<?> declaring, String name) {
        Field field = ReflectionUtils.findField(declaring, name);
        if (field == null) {
            throw new IllegalStateException("Another version of Spring: it has no " + name);
        }
        ReflectionUtils.makeAccessible(field);
        return field;
    }
}
