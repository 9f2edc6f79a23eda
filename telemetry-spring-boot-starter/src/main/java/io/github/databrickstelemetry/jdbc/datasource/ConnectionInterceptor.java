package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import java.sql.Connection;
import java.util.Set;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import javax.sql.XAConnection;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Instruments the connections that a data source gives out, whichever method gives them. Thread-safe.
 *
 * @param target the data source behind the proxy if this is its only advice; else null, and the next advice follows
 */
record ConnectionInterceptor(
        OutsideTelemetry telemetry, @Nullable DataSource target) implements MethodInterceptor {

    /** A method that promises a class of its driver's has to keep that promise. */
    private static final Set<Class<?>> INSTRUMENTED =
            Set.of(Connection.class, PooledConnection.class, XAConnection.class);

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        return switch (invocation.getMethod().getName()) {
            case "getConnection", "getPooledConnection", "getXAConnection" -> connection(invocation);
            case "isWrapperFor" -> unwrapped(invocation) != null || Boolean.TRUE.equals(proceed(invocation));
            case "unwrap" -> {
                Object found = unwrapped(invocation);
                yield found == null ? proceed(invocation) : found;
            }
            default -> proceed(invocation);
        };
    }

    /** The pool knows its connections by identity: a parameter is the connection that the pool gave out. */
    private static @Nullable Object proceed(MethodInvocation invocation) throws Throwable {
        Object[] arguments = invocation.getArguments();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Connection connection) {
                arguments[i] = InstrumentedConnection.behind(connection);
            }
        }
        return invocation.proceed();
    }

    private @Nullable Object connection(MethodInvocation invocation) throws Throwable {
        Class<?> type = invocation.getMethod().getReturnType();
        if (!INSTRUMENTED.contains(type)) {
            return invocation.proceed();
        }
        long start = System.nanoTime();
        try {
            Object opened = open(invocation, type);
            // The connections of some pools are both.
            return type != Connection.class && opened instanceof PooledConnection pooled
                    ? InstrumentedPooledConnection.around(pooled, type, telemetry, start)
                    : telemetry.opened((Connection) opened, start);
        } catch (Throwable failure) {
            telemetry.failed(failure);
            throw failure;
        }
    }

    /** Without Spring's reflection where it can be: a driver opens a connection the slower the deeper it is called. */
    private @Nullable Object open(MethodInvocation invocation, Class<?> type) throws Throwable {
        return target != null && type == Connection.class && invocation.getArguments().length == 0
                ? target.getConnection()
                : invocation.proceed();
    }

    /** Some pools answer that they do not wrap their own type. A subclass then answers with itself, as Spring's proxies do. */
    private @Nullable Object unwrapped(MethodInvocation invocation) {
        Object self = invocation.getThis();
        Object[] arguments = invocation.getArguments();
        if (arguments.length != 1 || !(arguments[0] instanceof Class<?> type)) {
            return null;
        }
        if (type == InstrumentedDataSource.class && self instanceof DataSource dataSource) {
            return new InstrumentingDataSource(dataSource, telemetry);
        }
        return type.isInstance(self) ? self : null;
    }
}
