package io.github.databrickstelemetry.jdbc.datasource;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the data sources that others stand before: wrappers of other libraries (datasource-proxy, P6Spy, OpenTelemetry), the
 * application's own, and routers that keep their targets in a map. There is no common interface for them, so their fields
 * are looked at. Nothing is called, created or looked up.
 */
final class Delegates {

    private static final int MAX_DEPTH = 8;
    private static final int MAX_FOUND = 1_000;

    private Delegates() {}

    /** The data source behind Spring's proxies, as far as their target stays the same. */
    static DataSource behindProxies(DataSource dataSource) {
        try {
            return dataSource instanceof Advised advised
                            && advised.getTargetSource().isStatic()
                            && advised.getTargetSource().getTarget() instanceof DataSource target
                    ? behindProxies(target)
                    : dataSource;
        } catch (Exception unknown) {
            return dataSource;
        }
    }

    /**
     * The data sources behind this one.
     *
     * @param showsHow whether one shows how it connects, and is what is looked for
     */
    static List<DataSource> of(DataSource dataSource, Predicate<DataSource> showsHow) {
        List<DataSource> found = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(dataSource);
        follow(dataSource, 0, seen, found, showsHow);
        return found;
    }

    private static void follow(
            DataSource from, int depth, Set<Object> seen, List<DataSource> found, Predicate<DataSource> showsHow) {
        for (DataSource delegate : direct(from)) {
            if (found.size() >= MAX_FOUND || !seen.add(delegate)) {
                continue;
            }
            DataSource described = behindProxies(delegate);
            if (delegate instanceof InstrumentedDataSource || showsHow.test(described)) {
                found.add(described);
            } else if (depth < MAX_DEPTH) {
                follow(described, depth + 1, seen, found, showsHow);
            }
        }
    }

    private static List<DataSource> direct(DataSource from) {
        List<DataSource> delegates = new ArrayList<>();
        ReflectionUtils.doWithFields(
                from.getClass(),
                field -> add(value(field, from), delegates),
                field -> !Modifier.isStatic(field.getModifiers())
                        && !field.getType().isPrimitive());
        return delegates;
    }

    private static void add(@Nullable Object value, List<DataSource> delegates) {
        if (value instanceof DataSource delegate) {
            delegates.add(delegate);
        } else if (value instanceof Map<?, ?> routes) {
            add(routes.values(), delegates);
        } else if (value instanceof Collection<?> routes && routes.size() <= MAX_FOUND) {
            routes.forEach(route -> {
                if (route instanceof DataSource delegate) {
                    delegates.add(delegate);
                }
            });
        }
    }

    private static @Nullable Object value(Field field, Object of) {
        try {
            ReflectionUtils.makeAccessible(field);
            return field.get(of);
        } catch (ReflectiveOperationException | RuntimeException closed) {
            // A class of another module.
            return null;
        }
    }
}
