package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import java.sql.Connection;
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
        ConnectionInstrumentation instrumentation, @Nullable DataSource target) implements MethodInterceptor {

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        return switch (invocation.getMethod().getName()) {
            case "getConnection" -> connection(invocation);
            case "getPooledConnection", "getXAConnection" -> pooledConnection(invocation);
            case "isWrapperFor" ->
                asksForMarker(invocation) || asksForTarget(invocation) || Boolean.TRUE.equals(proceed(invocation));
            case "unwrap" -> {
                if (asksForMarker(invocation)) {
                    yield marker(invocation);
                }
                yield asksForTarget(invocation) ? invocation.getThis() : proceed(invocation);
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
        // One that promises a class of its driver's has to keep that promise.
        if (invocation.getMethod().getReturnType() != Connection.class) {
            return invocation.proceed();
        }
        long start = System.nanoTime();
        try {
            return instrumentation.opened(open(invocation), start);
        } catch (Throwable failure) {
            instrumentation.failed(failure);
            throw failure;
        }
    }

    /** Without Spring's reflection where it can be: a driver opens a connection the slower the deeper it is called. */
    private @Nullable Connection open(MethodInvocation invocation) throws Throwable {
        return target != null && invocation.getArguments().length == 0
                ? target.getConnection()
                : (Connection) invocation.proceed();
    }

    private @Nullable Object pooledConnection(MethodInvocation invocation) throws Throwable {
        Class<?> type = invocation.getMethod().getReturnType();
        if (type != PooledConnection.class && type != XAConnection.class) {
            return proceed(invocation);
        }
        long start = System.nanoTime();
        try {
            Object opened = proceed(invocation);
            return opened instanceof PooledConnection pooled
                    ? InstrumentedPooledConnection.around(pooled, type, instrumentation, start)
                    : opened;
        } catch (Throwable failure) {
            instrumentation.failed(failure);
            throw failure;
        }
    }

    private static boolean asksForMarker(MethodInvocation invocation) {
        Object[] arguments = invocation.getArguments();
        return arguments.length == 1 && arguments[0] == InstrumentedDataSource.class;
    }

    /** Some pools answer that they do not wrap their own type. A subclass then answers with itself, as Spring's proxies do. */
    private static boolean asksForTarget(MethodInvocation invocation) {
        Object[] arguments = invocation.getArguments();
        return arguments.length == 1 && arguments[0] instanceof Class<?> type && type.isInstance(invocation.getThis());
    }

    private @Nullable Object marker(MethodInvocation invocation) {
        Object self = invocation.getThis();
        return self instanceof DataSource dataSource ? new InstrumentingDataSource(dataSource, instrumentation) : self;
    }
}
