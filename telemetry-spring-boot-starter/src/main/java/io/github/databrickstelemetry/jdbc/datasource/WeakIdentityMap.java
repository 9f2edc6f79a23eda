package io.github.databrickstelemetry.jdbc.datasource;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A map that tells keys apart by identity and does not keep them alive. Thread-safe. Values must not refer to keys. */
final class WeakIdentityMap<K, V> {

    private final Map<Key, V> entries = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

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

    @Nullable
    V get(K key) {
        return entries.get(new Key(key, null));
    }

    @Nullable
    V putIfAbsent(K key, V value) {
        return entries.putIfAbsent(new Key(key, collected), value);
    }

    @Nullable
    V remove(K key) {
        return entries.remove(new Key(key, null));
    }

    /** Removes the entries whose keys were collected and returns their values. */
    List<V> removeCollected() {
        List<V> removed = new ArrayList<>();
        Reference<?> key;
        while ((key = collected.poll()) != null) {
            V value = entries.remove(key);
            if (value != null) {
                removed.add(value);
            }
        }
        return removed;
    }

    /** Removes the entries whose key is alive and that the predicate chooses. */
    @SuppressWarnings("unchecked")
    void removeIf(BiPredicate<K, V> chosen) {
        entries.entrySet().removeIf(entry -> {
            Object referent = entry.getKey().get();
            return referent != null && chosen.test((K) referent, entry.getValue());
        });
    }

    int size() {
        return entries.size();
    }
}
