package io.github.databrickstelemetry.jdbc.datasource;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.NativeDetector;
import org.springframework.util.ClassUtils;

/**
 * Puts a proxy of Spring's in front of a data source without a change of the bean's type. Tools that know Spring's proxies
 * (JMX, Mockito) see the data source behind. Stateless.
 */
final class DataSourceProxies {

    private DataSourceProxies() {}

    /**
     * Why a data source cannot be wrapped; null if it can.
     *
     * @param declaredByInterface whether the bean is declared by an interface, so that its class is not what others inject
     */
    static @Nullable String reasonAgainst(DataSource dataSource, boolean declaredByInterface) {
        Class<?> type = dataSource.getClass();
        if (promisesAClassOfConnections(type)) {
            return "its getConnection() promises a class of its driver's";
        }
        String obstacle = takesAdvice(dataSource) ? null : reasonAgainstSubclass(type);
        return obstacle == null || declaredByInterface || Proxy.isProxyClass(type) || isKnownByItsInterfacesOnly(type)
                ? null
                : obstacle + "; declare the bean as a DataSource to have it instrumented";
    }

    /** A proxy, or the very same object with one more advice, for one without a reason against it. */
    static DataSource instrument(DataSource target, OutsideTelemetry telemetry) {
        ConnectionInterceptor advice = new ConnectionInterceptor(telemetry, takesAdvice(target) ? null : target);
        return advise(target, advice, InstrumentedDataSource.class);
    }

    /** As {@link #instrument}, with any advice. */
    static DataSource advise(DataSource target, MethodInterceptor advice, Class<?>... markers) {
        if (takesAdvice(target)) {
            ((Advised) target).addAdvice(0, advice);
            return target;
        }
        boolean subclass = reasonAgainstSubclass(target.getClass()) == null;
        ProxyFactory factory = new ProxyFactory();
        factory.setTarget(target);
        if (!subclass) {
            factory.setInterfaces(ClassUtils.getAllInterfacesForClass(target.getClass(), loader(target)));
        }
        Stream.of(markers).forEach(factory::addInterface);
        factory.setProxyTargetClass(subclass);
        // Spring warns of final methods otherwise; reasonAgainstSubclass has looked at them.
        factory.setOptimize(subclass);
        factory.addAdvice(advice);
        // The only advice, so it may call the target directly. Other post-processors wrap the bean once more.
        factory.setFrozen(true);
        return (DataSource) factory.getProxy(loader(target));
    }

    /** A proxy of Spring's that takes one more advice. */
    private static boolean takesAdvice(DataSource dataSource) {
        return dataSource instanceof SpringProxy && dataSource instanceof Advised advised && !advised.isFrozen();
    }

    /** A private class without a superclass of its own, as Spring's embedded database has it: no bean can name it. */
    private static boolean isKnownByItsInterfacesOnly(Class<?> type) {
        return Modifier.isPrivate(type.getModifiers()) && type.getSuperclass() == Object.class;
    }

    /** Whether callers may expect more than a {@link Connection}, which an instrumented one would not be. */
    private static boolean promisesAClassOfConnections(Class<?> type) {
        Method method = ClassUtils.getMethodIfAvailable(type, "getConnection");
        return method != null && method.getReturnType() != Connection.class;
    }

    /**
     * A final method would run on the subclass, whose fields are empty. A setter alone is no reason: Oracle's UCP has one,
     * for a kind of login that only Oracle's own driver knows, and is configured before it becomes a bean.
     */
    private static @Nullable String reasonAgainstSubclass(Class<?> type) {
        String name = ClassUtils.getShortName(ClassUtils.getUserClass(type));
        if (NativeDetector.inNativeImage()) {
            return "a native image has no subclass of " + name;
        }
        if (Modifier.isFinal(type.getModifiers()) || type.isSealed() || type.isHidden()) {
            return "its class " + name + " is final";
        }
        if (Modifier.isPrivate(type.getModifiers())) {
            return "its class " + name + " is private";
        }
        for (Method method : type.getMethods()) {
            if (Modifier.isFinal(method.getModifiers())
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass() != Object.class
                    && !isSetter(method)) {
                return "its method " + name + "." + method.getName() + " is final";
            }
        }
        return null;
    }

    private static boolean isSetter(Method method) {
        return method.getName().startsWith("set")
                && method.getReturnType() == void.class
                && method.getParameterCount() == 1;
    }

    /** The data source's own class loader as far as it finds our classes: a class of a package can only be extended there. */
    private static @Nullable ClassLoader loader(DataSource dataSource) {
        ClassLoader own = dataSource.getClass().getClassLoader();
        return own != null && ClassUtils.isVisible(InstrumentedDataSource.class, own)
                ? own
                : DataSourceProxies.class.getClassLoader();
    }
}
