package io.github.databrickstelemetry.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A driver that does nothing, but for what a test tells it to throw. Its objects are proxies that answer zero, false,
 * null, or an object of the driver's own where one is to be made.
 */
public final class StubDriver {

    private final Map<String, Throwable> failures = new HashMap<>();

    /** Makes every call of this method throw this very instance. */
    public StubDriver failing(String method, Throwable failure) {
        failures.put(method, failure);
        return this;
    }

    public void succeeding(String method) {
        failures.remove(method);
    }

    public DataSource dataSource() {
        return make(DataSource.class, null);
    }

    @SuppressWarnings("unchecked")
    private <T> T make(Class<T> type, @Nullable Object parent) {
        return (T)
                Proxy.newProxyInstance(StubDriver.class.getClassLoader(), new Class<?>[] {type}, new Handler(parent));
    }

    private final class Handler implements InvocationHandler {

        private final @Nullable Object parent;
        private boolean closed;

        Handler(@Nullable Object parent) {
            this.parent = parent;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            Throwable failure = failures.get(method.getName());
            if (failure != null) {
                throw failure;
            }
            return switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> arguments != null && proxy == arguments[0];
                case "toString" -> "stub";
                case "unwrap" -> proxy;
                case "isClosed" -> closed;
                case "close" -> {
                    closed = true;
                    yield null;
                }
                case "abort" -> {
                    ((Executor) Objects.requireNonNull(arguments)[0]).execute(() -> closed = true);
                    yield null;
                }
                case "execute" -> true;
                default -> value(proxy, method.getReturnType());
            };
        }

        private @Nullable Object value(Object proxy, Class<?> type) {
            if (type == Connection.class && parent != null) {
                return parent;
            }
            if (type == Connection.class
                    || type == Statement.class
                    || type == PreparedStatement.class
                    || type == CallableStatement.class
                    || type == DatabaseMetaData.class
                    || type == ResultSet.class) {
                return make(type, proxy);
            }
            if (type == boolean.class) {
                return false;
            }
            if (type == int.class) {
                return 0;
            }
            return type == long.class ? 0L : null;
        }
    }
}
