package io.github.databrickstelemetry.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets an instrumented object be cast to the interfaces of the driver's own object, as without us: a proxy that passes
 * JDBC's methods to the instrumented object and all others to the driver's.
 */
final class DriverInterfaces implements InvocationHandler {

    private final Object instrumented;
    private final Object delegate;

    private DriverInterfaces(Object instrumented, Object delegate) {
        this.instrumented = instrumented;
        this.delegate = delegate;
    }

    /**
     * Adds the public interfaces of the driver's object.
     *
     * @param type the interface of JDBC
     * @return a proxy, or the instrumented object itself if the driver's has no further interface
     */
    static <T> T add(Class<T> type, T instrumented, T delegate) {
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        // First, so that a method that is declared twice counts as JDBC's.
        interfaces.add(type);
        collect(delegate.getClass(), interfaces);
        if (interfaces.size() == 1) {
            return instrumented;
        }
        return type.cast(Proxy.newProxyInstance(
                delegate.getClass().getClassLoader(),
                interfaces.toArray(Class<?>[]::new),
                new DriverInterfaces(instrumented, delegate)));
    }

    private static void collect(@Nullable Class<?> of, Set<Class<?>> interfaces) {
        if (of == null) {
            return;
        }
        for (Class<?> each : of.getInterfaces()) {
            boolean isJdbc = each.getModule() == java.sql.Connection.class.getModule();
            if (!isJdbc && Modifier.isPublic(each.getModifiers()) && !each.isSealed()) {
                interfaces.add(each);
            }
        }
        collect(of.getSuperclass(), interfaces);
    }

    /** The instrumented object behind a proxy that was made here, or the object itself. */
    static Object behind(Object object) {
        return Proxy.isProxyClass(object.getClass())
                        && Proxy.getInvocationHandler(object) instanceof DriverInterfaces handler
                ? handler.instrumented
                : object;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("equals") && method.getDeclaringClass() == Object.class) {
            return arguments != null && proxy == arguments[0];
        }
        boolean isJdbc = method.getDeclaringClass().isInstance(instrumented);
        Object result = Proxies.call(isJdbc ? instrumented : delegate, method, arguments);
        return result == instrumented ? proxy : result;
    }
}
