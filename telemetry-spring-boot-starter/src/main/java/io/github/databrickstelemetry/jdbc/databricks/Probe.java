package io.github.databrickstelemetry.jdbc.databricks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an object of the driver can be asked. Immutable, thread-safe. A driver version that does not know the
 * question answers null, as does one that fails to answer: each question stands for itself.
 */
final class Probe {

    /** The answer of a driver that does not know the question. */
    private static final Probe UNKNOWN = new Probe(Void.class, null);

    private static final MethodType QUESTION = MethodType.methodType(Object.class, Object.class);

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

    /** A method with one parameter, which is the object asked, of a singleton that {@code getInstance()} gives out. */
    static Probe singleton(@Nullable Class<?> owner, String name, @Nullable Class<?> parameter) {
        if (owner == null || parameter == null) {
            return UNKNOWN;
        }
        return resolve(parameter, type -> {
            Object instance = owner.getMethod("getInstance").invoke(null);
            return MethodHandles.lookup().unreflect(owner.getMethod(name, type)).bindTo(instance);
        });
    }

    /** A static method without parameters; the object asked does not matter. */
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
            return new Probe(of, resolution.in(of).asType(QUESTION));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError notInThisVersion) {
            return UNKNOWN;
        }
    }

    /** Asks the object; null when there is none, it is of another kind, or it has no answer. */
    @Nullable
    Object ask(@Nullable Object target) {
        if (handle == null || !of.isInstance(target)) {
            return null;
        }
        try {
            return handle.invokeExact(target);
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable noAnswer) {
            return null;
        }
    }

    /** The answer if it is a text, else null. */
    @Nullable
    String askText(@Nullable Object target) {
        return ask(target) instanceof String text ? text : null;
    }

    /** The answer if it is a number above zero, else zero. */
    long askNumber(@Nullable Object target) {
        return ask(target) instanceof Number number ? Math.max(0, number.longValue()) : 0;
    }

    /** The name of the constant if the answer is one, else null. */
    @Nullable
    String askConstant(@Nullable Object target) {
        return ask(target) instanceof Enum<?> constant ? constant.name() : null;
    }

    /** How a probe finds its target. */
    @FunctionalInterface
    private interface Resolution {
        MethodHandle in(Class<?> type) throws ReflectiveOperationException;
    }
}
