package io.github.databrickstelemetry.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import org.jspecify.annotations.Nullable;

/**
 * A callable statement whose execute methods are reported: an instrumented prepared statement, with the driver's own
 * object for the methods of {@link CallableStatement}. A proxy, because those are many and not called often.
 */
final class InstrumentedCallableStatement implements InvocationHandler {

    private final CallableStatement delegate;
    private final InstrumentedPreparedStatement prepared;

    private InstrumentedCallableStatement(CallableStatement delegate, String sql, InstrumentedConnection connection) {
        this.delegate = delegate;
        this.prepared = new InstrumentedPreparedStatement(delegate, sql, connection);
    }

    static CallableStatement of(CallableStatement delegate, String sql, InstrumentedConnection connection) {
        return Proxies.of(CallableStatement.class, new InstrumentedCallableStatement(delegate, sql, connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("equals")) {
            return arguments != null && proxy == arguments[0];
        }
        boolean isCallableOnly = method.getDeclaringClass() == CallableStatement.class;
        Object result = Proxies.call(isCallableOnly ? delegate : prepared, method, arguments);
        boolean isThis = result == delegate || result == prepared;
        return isThis && method.getName().equals("unwrap") && Proxies.isInstance(arguments, proxy) ? proxy : result;
    }
}
