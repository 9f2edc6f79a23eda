package io.github.databrickstelemetry.jdbc.datasource;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.PooledConnection;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;

/**
 * The driver's part of a pool that is built on {@code ConnectionPoolDataSource} or {@code XADataSource}: the handles that
 * it gives out are instrumented. Events show this proxy as their source, because pools look it up by identity. As
 * thread-safe as the connection behind.
 */
final class InstrumentedPooledConnection implements InvocationHandler {

    private final PooledConnection delegate;
    private final OutsideTelemetry telemetry;
    private final Map<ConnectionEventListener, ConnectionEventListener> listeners = new ConcurrentHashMap<>();

    /** When it was asked for; null once the first handle was given out. */
    private @Nullable Long startNanos;

    private InstrumentedPooledConnection(PooledConnection delegate, OutsideTelemetry telemetry, long startNanos) {
        this.delegate = delegate;
        this.telemetry = telemetry;
        this.startNanos = startNanos;
    }

    /** @param type the interface that the data source promises */
    static Object around(PooledConnection delegate, Class<?> type, OutsideTelemetry telemetry, long startNanos) {
        return Proxy.newProxyInstance(
                InstrumentedPooledConnection.class.getClassLoader(),
                new Class<?>[] {type},
                new InstrumentedPooledConnection(delegate, telemetry, startNanos));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object argument = arguments == null || arguments.length == 0 ? null : arguments[0];
        return switch (method.getName()) {
            case "getConnection" -> connection();
            case "close" -> {
                close();
                yield null;
            }
            case "equals" -> proxy == argument;
            case "addConnectionEventListener" -> {
                if (argument instanceof ConnectionEventListener listener) {
                    delegate.addConnectionEventListener(
                            listeners.computeIfAbsent(listener, known -> forwarding(known, (PooledConnection) proxy)));
                }
                yield null;
            }
            case "removeConnectionEventListener" -> {
                if (argument instanceof ConnectionEventListener listener) {
                    ConnectionEventListener known = listeners.remove(listener);
                    delegate.removeConnectionEventListener(known == null ? listener : known);
                }
                yield null;
            }
            default -> AopUtils.invokeJoinpointUsingReflection(delegate, method, arguments);
        };
    }

    private @Nullable Connection connection() throws SQLException {
        Long asked = startNanos;
        startNanos = null;
        long start = asked == null ? System.nanoTime() : asked;
        return telemetry.handle(delegate, delegate.getConnection(), start);
    }

    private void close() throws SQLException {
        long start = System.nanoTime();
        try {
            delegate.close();
        } finally {
            telemetry.closed(delegate, System.nanoTime() - start);
        }
    }

    private static ConnectionEventListener forwarding(ConnectionEventListener listener, PooledConnection source) {
        return new ConnectionEventListener() {
            @Override
            public void connectionClosed(ConnectionEvent event) {
                listener.connectionClosed(new ConnectionEvent(source, event.getSQLException()));
            }

            @Override
            public void connectionErrorOccurred(ConnectionEvent event) {
                listener.connectionErrorOccurred(new ConnectionEvent(source, event.getSQLException()));
            }
        };
    }
}
