package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A map that tells keys apart by identity and does not keep them alive. Values must not refer to keys. Thread-safe.
 *
 * <p>No cache of Caffeine, which does the same: application threads come here, and one that runs out of stack in Caffeine's
 * write buffer keeps the next writers spinning without end.
 */
final class WeakMap<K, V> {

    private final Map<Key, V> entries = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
    private final Consumer<V> whenCollected;

    private static final class Key extends WeakReference<Object> {

        private final int hash;

        Key(Object referent, @Nullable ReferenceQueue<Object> queue) {
            super(referent, queue);
            this.hash = System.identityHashCode(referent);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            Object referent = get();
            return referent != null && other instanceof Key key && key.refersTo(referent);
        }
    }

    WeakMap() {
        this.whenCollected = value -> {};
    }

    /** @param whenCollected gets the value of a key that was collected, with a later change or {@link #cleanUp()} */
    WeakMap(Guard guard, Consumer<V> whenCollected) {
        this.whenCollected = value -> guard.run("collected", () -> whenCollected.accept(value));
    }

    @Nullable
    V get(K key) {
        return entries.get(new Key(key, null));
    }

    boolean containsKey(K key) {
        return get(key) != null;
    }

    void put(K key, V value) {
        entries.put(new Key(key, collected), value);
        cleanUp();
    }

    V computeIfAbsent(K key, Supplier<V> value) {
        cleanUp();
        return entries.computeIfAbsent(new Key(key, collected), missing -> value.get());
    }

    @Nullable
    V remove(K key) {
        return entries.remove(new Key(key, null));
    }

    /** The keys that are alive. */
    @SuppressWarnings("unchecked")
    List<K> keys() {
        Stream<Object> alive = entries.keySet().stream().map(Key::get).filter(Objects::nonNull);
        return (List<K>) alive.toList();
    }

    List<V> values() {
        return List.copyOf(entries.values());
    }

    long size() {
        cleanUp();
        return entries.size();
    }

    /** Removes the entries whose keys were collected. */
    void cleanUp() {
        for (Reference<?> key = collected.poll(); key != null; key = collected.poll()) {
            V value = entries.remove(key);
            if (value != null) {
                whenCollected.accept(value);
            }
        }
    }
}
