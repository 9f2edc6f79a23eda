package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.NativeDetector;

/**
 * Wraps a data source from outside. Where the class allows it, the wrapper is a subclass, so that the bean can still be
 * injected by the pool's type; otherwise it is a plain data source, whose {@code unwrap} reaches the pool.
 */
final class OutsideInstrumentation {

    private OutsideInstrumentation() {}

    static DataSource wrap(
            DataSource target, ConnectionInstrumentation observer, @Nullable ClassLoader classLoader, Guard guard) {
        if (target instanceof SpringProxy) {
            if (target instanceof Advised advised && !advised.isFrozen()) {
                advised.addAdvice(0, new Interceptor(observer, null));
                return target;
            }
        } else if (isSubclassable(target.getClass())) {
            try {
                ProxyFactory factory = new ProxyFactory();
                factory.setTarget(target);
                factory.setProxyTargetClass(true);
                // Spring warns of final methods otherwise; they have been looked at here.
                factory.setOptimize(true);
                factory.addInterface(InstrumentedDataSource.class);
                factory.addAdvice(new Interceptor(observer, target));
                // So ours stays the only advice, and may go straight to the target; others wrap the bean once more.
                factory.setFrozen(true);
                return (DataSource) factory.getProxy(classLoader);
            } catch (Exception | LinkageError refused) {
                guard.swallowed("subclassing a data source", refused);
            }
        }
        return new InstrumentingDataSource(target, observer);
    }

    /** Whether callers may expect more than a {@link Connection}, which an observed one would not be. */
    static boolean promisesAClassOfConnections(DataSource dataSource) {
        try {
            return dataSource.getClass().getMethod("getConnection").getReturnType() != Connection.class;
        } catch (NoSuchMethodException impossible) {
            return false;
        }
    }

    /**
     * A final method would run on the subclass, whose fields are empty. A setter alone is no reason to lose the pool's
     * type: Oracle's UCP has one, for a kind of login that only Oracle's own driver knows, and is configured before it
     * becomes a bean.
     */
    private static boolean isSubclassable(Class<?> type) {
        if (NativeDetector.inNativeImage()
                || Modifier.isFinal(type.getModifiers())
                || !Modifier.isPublic(type.getModifiers())
                || type.isSealed()
                || type.isHidden()) {
            return false;
        }
        for (Method method : type.getMethods()) {
            if (Modifier.isFinal(method.getModifiers())
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass() != Object.class
                    && !isSetter(method)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSetter(Method method) {
        return method.getName().startsWith("set")
                && method.getReturnType() == void.class
                && method.getParameterCount() == 1;
    }

    /** @param target what the proxy stands for, if this is its only advice; else null, and the next advice follows */
    private record Interceptor(
            ConnectionInstrumentation observer, @Nullable DataSource target) implements MethodInterceptor {

        @Override
        public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
            return switch (invocation.getMethod().getName()) {
                case "getConnection" -> connection(invocation);
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

        /** The pool knows its connections by identity: what it is asked about is the one that it gave out. */
        private static @Nullable Object proceed(MethodInvocation invocation) throws Throwable {
            Object[] arguments = invocation.getArguments();
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof InstrumentedConnection observed) {
                    arguments[i] = observed.delegate();
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
                return observer.opened(open(invocation), start);
            } catch (Throwable failure) {
                observer.failed(failure);
                throw failure;
            }
        }

        /** Without Spring's reflection where it can be: a driver opens a connection the slower the deeper it is called. */
        private @Nullable Connection open(MethodInvocation invocation) throws Throwable {
            return target != null && invocation.getArguments().length == 0
                    ? target.getConnection()
                    : (Connection) invocation.proceed();
        }

        private static boolean asksForMarker(MethodInvocation invocation) {
            Object[] arguments = invocation.getArguments();
            return arguments.length == 1 && arguments[0] == InstrumentedDataSource.class;
        }

        /** Some pools answer that they are none of their own type. A subclass answers with itself then, as Spring has it. */
        private static boolean asksForTarget(MethodInvocation invocation) {
            Object[] arguments = invocation.getArguments();
            return arguments.length == 1
                    && arguments[0] instanceof Class<?> type
                    && type.isInstance(invocation.getThis());
        }

        private @Nullable Object marker(MethodInvocation invocation) {
            Object self = invocation.getThis();
            return self instanceof DataSource dataSource ? new InstrumentingDataSource(dataSource, observer) : self;
        }
    }
}
