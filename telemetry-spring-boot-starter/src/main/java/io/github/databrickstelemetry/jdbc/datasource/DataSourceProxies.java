package io.github.databrickstelemetry.jdbc.datasource;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.NativeDetector;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Puts a proxy of Spring's in front of a data source without a change of the bean's type. Tools that know Spring's proxies
 * (JMX, Mockito) see the data source behind. Stateless.
 */
final class DataSourceProxies {

    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", DataSourceProxies.class.getClassLoader());

    /** How a data source is wrapped. */
    private enum Kind {
        /** It is a proxy of Spring's already, and takes one more advice. */
        ADVICE,
        /** By a subclass of its class. */
        SUBCLASS,
        /** By a proxy with all of its interfaces. */
        INTERFACES
    }

    private record Plan(@Nullable Kind kind, @Nullable String reason) {}

    private DataSourceProxies() {}

    /**
     * Why a data source cannot be wrapped.
     *
     * @param declaredByInterface whether the bean is declared by an interface, so that its class is not what others inject
     * @return null if it can
     */
    static @Nullable String reasonAgainst(DataSource dataSource, boolean declaredByInterface) {
        return plan(dataSource, declaredByInterface).reason();
    }

    /** A proxy, or the very same object with one more advice. Throws if there is a reason against it. */
    static DataSource wrap(DataSource target, boolean declaredByInterface, ConnectionInstrumentation instrumentation) {
        Plan plan = plan(target, declaredByInterface);
        if (plan.kind() == Kind.ADVICE) {
            ((Advised) target).addAdvice(0, new ConnectionInterceptor(instrumentation, null));
            return target;
        }
        DataSource proxy =
                proxy(target, plan, new ConnectionInterceptor(instrumentation, target), InstrumentedDataSource.class);
        if (HIKARI && plan.kind() == Kind.SUBCLASS) {
            OfHikari.copyPool(target, proxy);
        }
        return proxy;
    }

    /** As {@link #wrap}, for one that is not instrumented itself. */
    static DataSource advise(DataSource target, boolean declaredByInterface, MethodInterceptor advice) {
        Plan plan = plan(target, declaredByInterface);
        if (plan.kind() == Kind.ADVICE) {
            ((Advised) target).addAdvice(0, advice);
            return target;
        }
        return proxy(target, plan, advice, SpringProxy.class);
    }

    private static DataSource proxy(DataSource target, Plan plan, MethodInterceptor advice, Class<?> marker) {
        if (plan.kind() == null) {
            throw new IllegalStateException(plan.reason());
        }
        ProxyFactory factory = new ProxyFactory();
        factory.setTarget(target);
        if (plan.kind() == Kind.INTERFACES) {
            factory.setInterfaces(ClassUtils.getAllInterfacesForClass(target.getClass(), loader(target)));
        }
        factory.addInterface(marker);
        factory.setProxyTargetClass(plan.kind() == Kind.SUBCLASS);
        // Spring warns of final methods otherwise; the plan has looked at them.
        factory.setOptimize(plan.kind() == Kind.SUBCLASS);
        factory.addAdvice(advice);
        // The only advice, so it may call the target directly. Other post-processors wrap the bean once more.
        factory.setFrozen(true);
        return (DataSource) factory.getProxy(loader(target));
    }

    private static Plan plan(DataSource dataSource, boolean declaredByInterface) {
        Class<?> type = dataSource.getClass();
        if (promisesAClassOfConnections(type)) {
            return new Plan(null, "its getConnection() promises a class of its driver's");
        }
        if (dataSource instanceof SpringProxy && dataSource instanceof Advised advised && !advised.isFrozen()) {
            return new Plan(Kind.ADVICE, null);
        }
        String obstacle = reasonAgainstSubclass(type);
        if (obstacle == null) {
            return new Plan(Kind.SUBCLASS, null);
        }
        return declaredByInterface || Proxy.isProxyClass(type) || isKnownByItsInterfacesOnly(type)
                ? new Plan(Kind.INTERFACES, null)
                : new Plan(null, obstacle + "; declare the bean as a DataSource to have it instrumented");
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

    /** Spring Boot reads a pool's metrics from a private field. */
    private static final class OfHikari {

        static void copyPool(DataSource target, DataSource proxy) {
            Field pool = target instanceof com.zaxxer.hikari.HikariDataSource
                    ? ReflectionUtils.findField(com.zaxxer.hikari.HikariDataSource.class, "pool")
                    : null;
            if (pool != null) {
                ReflectionUtils.makeAccessible(pool);
                ReflectionUtils.setField(pool, proxy, ReflectionUtils.getField(pool, target));
            }
        }
    }
}
