package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.runtime.internal.Guard;
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

    /**
     * Instruments the targets; routes are known only once the data source is initialised.
     *
     * @param instrument returns what takes the place of a target
     * @return advice that looks at the routes of an initialised router again when they have changed; null for any other
     */
    static @Nullable MethodInterceptor instrumentTargets(
            DataSource dataSource, boolean initialised, UnaryOperator<DataSource> instrument, Guard guard) {
        if (dataSource instanceof DelegatingDataSource delegating) {
            UnaryOperator<DataSource> once = once(instrument);
            replace(delegating.getTargetDataSource(), delegating::setTargetDataSource, once);
            if (delegating instanceof LazyConnectionDataSourceProxy lazy) {
                Object readOnly = Fields.get(LazyConnectionDataSourceProxy.class, "readOnlyDataSource", lazy);
                replace((DataSource) readOnly, lazy::setReadOnlyDataSource, once);
            }
        } else if (dataSource instanceof AbstractRoutingDataSource router && initialised) {
            Routes routes = new Routes(router, instrument, guard);
            routes.instrument();
            return routes;
        }
        return null;
    }

    /** Replaces a data source that occurs twice by one and the same. */
    private static UnaryOperator<DataSource> once(UnaryOperator<DataSource> instrument) {
        IdentityHashMap<DataSource, DataSource> results = new IdentityHashMap<>();
        return target -> results.computeIfAbsent(target, instrument);
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
     * The routes of a router, and the advice that follows them: they may be set anew while the application runs, for
     * example for another tenant. Routes may be many, and change often: only the new ones are looked at.
     */
    private static final class Routes implements MethodInterceptor {

        private final AbstractRoutingDataSource router;
        private final UnaryOperator<DataSource> instrument;
        private final Guard guard;
        private final WeakMap<DataSource, Boolean> known = new WeakMap<>();

        /** The map is replaced when routes are set, and may be changed in place. */
        private volatile Seen seen = Seen.of(null);

        private record Seen(@Nullable Map<?, ?> map, int size) {

            static Seen of(@Nullable Map<?, ?> map) {
                return new Seen(map, map == null ? 0 : map.size());
            }
        }

        Routes(AbstractRoutingDataSource router, UnaryOperator<DataSource> instrument, Guard guard) {
            this.router = router;
            this.instrument = instrument;
            this.guard = guard;
        }

        @Override
        public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
            if (invocation.getMethod().getName().equals("getConnection")) {
                guard.run("changed routes", this::instrumentChanged);
            }
            return invocation.proceed();
        }

        private void instrumentChanged() {
            if (isChanged()) {
                synchronized (this) {
                    if (isChanged()) {
                        instrument();
                    }
                }
            }
        }

        private boolean isChanged() {
            Seen now = Seen.of(routes());
            return now.map != seen.map || now.size != seen.size;
        }

        @SuppressWarnings("unchecked")
        private @Nullable Map<Object, DataSource> routes() {
            return (Map<Object, DataSource>) Fields.get(AbstractRoutingDataSource.class, "resolvedDataSources", router);
        }

        /**
         * Changes the routes in place. To set them anew would run the application's own code again, which maps the keys and
         * need not understand what it has mapped already.
         */
        void instrument() {
            UnaryOperator<DataSource> once = once(target -> {
                DataSource result = known.containsKey(target) ? target : instrument.apply(target);
                known.put(result, true);
                return result;
            });
            Map<Object, DataSource> routes = routes();
            Seen now = Seen.of(routes);
            if (routes != null) {
                routes.replaceAll((key, target) -> once.apply(target));
            }
            replace(
                    router.getResolvedDefaultDataSource(),
                    fallback ->
                            Fields.set(AbstractRoutingDataSource.class, "resolvedDefaultDataSource", router, fallback),
                    once);
            seen = now;
        }
    }
}
