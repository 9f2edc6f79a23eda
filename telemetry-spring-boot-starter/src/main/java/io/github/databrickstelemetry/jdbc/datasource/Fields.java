package io.github.databrickstelemetry.jdbc.datasource;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * Private fields of other libraries, for what has no getter or setter. They are looked for in the library's own class, as a
 * subclass may have one of the same name. Throws where another version of the library has no such field.
 */
final class Fields {

    private Fields() {}

    static @Nullable Object get(Class<?> declaring, String name, Object of) {
        return ReflectionUtils.getField(field(declaring, name), of);
    }

    static void set(Class<?> declaring, String name, Object of, @Nullable Object value) {
        ReflectionUtils.setField(field(declaring, name), of, value);
    }

    private static Field field(Class<?> declaring, String name) {
        Field field = ReflectionUtils.findField(declaring, name);
        if (field == null) {
            throw new IllegalStateException("Another version of " + declaring.getName() + ": it has no " + name);
        }
        ReflectionUtils.makeAccessible(field);
        return field;
    }
}
