package io.github.databrickstelemetry.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Adds to an instrumented object the methods that only the driver's own object has: those of an interface of JDBC with
 * many methods that are not called often, or those of the driver's interfaces, to which an application may cast.
 *
 * <p>The delegate is the driver's own object. The instrumented object is an instrumented connection or statement; for a
 * callable statement an instrumented prepared one; for metadata, which a subclass instruments, the delegate once more.
 *
 * @param <T> the interface of JDBC
 */
class JdbcProxy<T> implements InvocationHandler {

    private final Class<T> type;
    private final Object instrumented;
    private final T delegate;

    JdbcProxy(Class<T> type, Object instrumented, T delegate) {
        this.type = type;
        this.instrumented = instrumented;
        this.delegate = delegate;
    }

    /** The instrumented object with all public interfaces of the driver's object, which may be none but JDBC's. */
    static <T> T castable(Class<T> type, T instrumented, T delegate) {
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        // First, so that a method that is declared twice counts as JDBC's.
        interfaces.add(type);
        for (Class<?> each : ClassUtils.getAllInterfacesForClassAsSet(delegate.getClass())) {
            boolean isJdbc = each.getModule() == Connection.class.getModule();
            if (!isJdbc && Modifier.isPublic(each.getModifiers()) && !each.isSealed()) {
                interfaces.add(each);
            }
        }
        return interfaces.size() == 1
                ? instrumented
                : type.cast(Proxy.newProxyInstance(
                        delegate.getClass().getClassLoader(),
                        interfaces.toArray(Class<?>[]::new),
                        new JdbcProxy<>(type, instrumented, delegate)));
    }

    /** A proxy with the interface of JDBC only. */
    final T create() {
        return type.cast(Proxy.newProxyInstance(JdbcProxy.class.getClassLoader(), new Class<?>[] {type}, this));
    }

    /** The instrumented object behind a proxy, or the object itself. */
    static Object instrumented(Object object) {
        return Proxy.isProxyClass(object.getClass()) && Proxy.getInvocationHandler(object) instanceof JdbcProxy<?> proxy
                ? proxy.instrumented
                : object;
    }

    final T delegate() {
        return delegate;
    }

    @Override
    public final @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("equals") && method.getDeclaringClass() == Object.class) {
            // Proxies of one instrumented object are equal: metadata where the driver's is, whatever the connection.
            Object other = arguments == null ? null : arguments[0];
            return other != null && other != instrumented && instrumented(other) == instrumented;
        }
        Object result = call(method, arguments);
        // The driver's own object is hidden only where the proxy serves as well.
        boolean isUnwrapped = (result == instrumented || result == delegate)
                && arguments != null
                && arguments[0] instanceof Class<?> wanted
                && wanted.isAssignableFrom(type);
        return isUnwrapped ? proxy : result;
    }

    /** Calls the method of the instrumented object, or else of the driver's, and throws what it throws. */
    @Nullable
    Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        boolean isInstrumented = method.getDeclaringClass().isInstance(instrumented);
        try {
            return method.invoke(isInstrumented ? instrumented : delegate, arguments);
        } catch (InvocationTargetException wrapped) {
            throw wrapped.getTargetException();
        }
    }
}
