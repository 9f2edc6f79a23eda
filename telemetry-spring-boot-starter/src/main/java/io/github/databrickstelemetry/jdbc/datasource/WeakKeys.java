package io.github.databrickstelemetry.jdbc.datasource;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalListener;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.Collections;
import java.util.Set;
import java.util.function.Consumer;

/** Caches that tell keys apart by identity and do not keep them alive. Values must not refer to keys. */
final class WeakKeys {

    private WeakKeys() {}

    static <K, V> Cache<K, V> cache() {
        return Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();
    }

    /**
     * @param guard because Caffeine warns of a listener that throws
     * @param whenCollected gets the value of a key that was collected; must not change the cache
     */
    static <K, V> Cache<K, V> cache(Guard guard, Consumer<V> whenCollected) {
        RemovalListener<K, V> listener = (key, value, cause) -> {
            if (value != null) {
                guard.run("collected", () -> whenCollected.accept(value));
            }
        };
        return Caffeine.newBuilder()
                .weakKeys()
                .executor(Runnable::run)
                .evictionListener(listener)
                .build();
    }

    static <E> Set<E> set() {
        return Collections.newSetFromMap(WeakKeys.<E, Boolean>cache().asMap());
    }
}
