package io.github.databrickstelemetry.jdbc.databricks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A getter of a driver's object. Immutable, thread-safe. Reads null where this version of the driver has no such getter,
 * or the getter fails: each probe stands for itself.
 */
final class Probe {

    /** A getter that this version of the driver does not have. */
    private static final Probe UNKNOWN = new Probe(Void.class, null);

    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

    private final Class<?> of;
    private final @Nullable MethodHandle handle;

    private Probe(Class<?> of, @Nullable MethodHandle handle) {
        this.of = of;
        this.handle = handle;
    }

    /** A method without parameters. */
    static Probe method(@Nullable Class<?> owner, String name) {
        return resolve(owner, type -> {
            var method = type.getMethod(name);
            return MethodHandles.lookup().unreflect(method);
        });
    }

    /** A field, private ones included. */
    static Probe field(@Nullable Class<?> owner, String name) {
        return resolve(owner, type -> {
            var field = type.getDeclaredField(name);
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).unreflectGetter(field);
        });
    }

    /** A method with one parameter, which is the object to read, of a singleton that {@code getInstance()} gives out. */
    static Probe singleton(@Nullable Class<?> owner, String name, @Nullable Class<?> parameter) {
        if (owner == null || parameter == null) {
            return UNKNOWN;
        }
        return resolve(parameter, type -> {
            Object instance = owner.getMethod("getInstance").invoke(null);
            return MethodHandles.lookup().unreflect(owner.getMethod(name, type)).bindTo(instance);
        });
    }

    /** A static method without parameters; the object to read does not matter. */
    static Probe statics(@Nullable Class<?> owner, String name) {
        return owner == null
                ? UNKNOWN
                : resolve(
                        Object.class,
                        type -> MethodHandles.dropArguments(
                                MethodHandles.lookup().unreflect(owner.getMethod(name)), 0, type));
    }

    private static Probe resolve(@Nullable Class<?> of, Resolution resolution) {
        if (of == null) {
            return UNKNOWN;
        }
        try {
            return new Probe(of, resolution.in(of).asType(GETTER));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError notInThisVersion) {
            return UNKNOWN;
        }
    }

    /** Reads the object; null if it is null or of another kind, or if the getter fails. */
    @Nullable
    Object read(@Nullable Object target) {
        if (handle == null || !of.isInstance(target)) {
            return null;
        }
        try {
            return handle.invokeExact(target);
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable unreadable) {
            return null;
        }
    }

    /** The value if it is a text, else null. */
    @Nullable
    String readText(@Nullable Object target) {
        return read(target) instanceof String text ? text : null;
    }

    /** The value if it is a number above zero, else zero. */
    long readNumber(@Nullable Object target) {
        return read(target) instanceof Number number ? Math.max(0, number.longValue()) : 0;
    }

    /** The name of the constant if the value is one, else null. */
    @Nullable
    String readConstant(@Nullable Object target) {
        return read(target) instanceof Enum<?> constant ? constant.name() : null;
    }

    /** How a probe finds its target. */
    @FunctionalInterface
    private interface Resolution {
        MethodHandle in(Class<?> type) throws ReflectiveOperationException;
    }
}
