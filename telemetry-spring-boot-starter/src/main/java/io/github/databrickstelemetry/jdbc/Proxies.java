package io.github.databrickstelemetry.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** What the proxies of this package have in common. Stateless. */
final class Proxies {

    private Proxies() {}

    static <T> T of(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Calls the method, and throws what it throws. */
    static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException wrapped) {
            Throwable cause = wrapped.getCause();
            throw cause == null ? wrapped : cause;
        }
    }

    /** Whether the first argument is a class of which the proxy is an instance, as in {@code unwrap}. */
    static boolean isInstance(Object @Nullable [] arguments, Object proxy) {
        return arguments != null && arguments[0] instanceof Class<?> iface && iface.isInstance(proxy);
    }
}
