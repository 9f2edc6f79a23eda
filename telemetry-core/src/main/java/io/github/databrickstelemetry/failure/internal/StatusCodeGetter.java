package io.github.databrickstelemetry.failure.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.Optional;

/**
 * Reads an HTTP status off exceptions with a public {@code int getStatusCode()}: the one place where the Databricks
 * driver tells it is the shaded SDK's {@code DatabricksError}, a class that we cannot compile against. Thread-safe.
 */
final class StatusCodeGetter {

    /** Looked up once per class and kept in the class itself, so that no class loader is kept alive. */
    private static final ClassValue<Optional<MethodHandle>> GETTERS = new ClassValue<>() {
        @Override
        protected Optional<MethodHandle> computeValue(Class<?> type) {
            return find(type);
        }
    };

    private static final MethodType AS_CALLED = MethodType.methodType(int.class, Throwable.class);

    private StatusCodeGetter() {}

    /** The status, or 0 where there is none or it cannot be read. */
    static int read(Throwable failure) {
        try {
            Optional<MethodHandle> getter = GETTERS.get(failure.getClass());
            return getter.isPresent() ? (int) getter.get().invokeExact(failure) : 0;
        } catch (Throwable unreadable) {
            return 0;
        }
    }

    /** A class that is not public may inherit the getter from one that is. */
    private static Optional<MethodHandle> find(Class<?> type) {
        for (Class<?> c = type; c != null && c != Throwable.class; c = c.getSuperclass()) {
            Optional<MethodHandle> getter =
                    Modifier.isPublic(c.getModifiers()) ? findPublic(c) : Optional.<MethodHandle>empty();
            if (getter.isPresent()) {
                return getter;
            }
        }
        return Optional.empty();
    }

    private static Optional<MethodHandle> findPublic(Class<?> type) {
        try {
            return Optional.of(MethodHandles.publicLookup()
                    .findVirtual(type, "getStatusCode", MethodType.methodType(int.class))
                    .asType(AS_CALLED));
        } catch (NoSuchMethodException | IllegalAccessException | LinkageError absent) {
            return Optional.empty();
        }
    }
}
