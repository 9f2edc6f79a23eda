package io.github.databrickstelemetry.jdbc.datasource;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.util.Optional;

/** Finds the driver's own connection behind what a pool gives out. Local calls only. */
final class PhysicalConnection {

    /** A pool's wrapper around a wrapper is common, more than this is a cycle. */
    private static final int MAX_DEPTH = 8;

    /**
     * Commons DBCP's wrappers answer {@code unwrap(Connection.class)} with themselves; this method of theirs reaches the
     * driver's connection.
     */
    private static final ClassValue<Optional<Method>> INNERMOST = new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
            try {
                return Optional.of(type.getMethod("getInnermostDelegateInternal"));
            } catch (NoSuchMethodException none) {
                return Optional.empty();
            }
        }
    };

    private PhysicalConnection() {}

    /** The driver's connection, or the given one when there is none behind it that could be found. */
    static Connection behind(Connection connection) throws Exception {
        Connection found = connection;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            Connection next = next(found);
            if (next == found) {
                break;
            }
            found = next;
        }
        return found;
    }

    private static Connection next(Connection connection) throws Exception {
        Optional<Method> innermost = INNERMOST.get(connection.getClass());
        if (innermost.isPresent() && innermost.get().invoke(connection) instanceof Connection inner) {
            return inner;
        }
        Connection unwrapped = connection.unwrap(Connection.class);
        return unwrapped == null ? connection : unwrapped;
    }
}
