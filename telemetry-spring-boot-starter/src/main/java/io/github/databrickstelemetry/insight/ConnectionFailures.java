package io.github.databrickstelemetry.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Failed attempts to connect since the start, by the class of the exception. Counted by the thread that tried, at once:
 * before the first connection there is no client that could count. Bounded to 100 classes. Thread-safe.
 */
public final class ConnectionFailures {

    private final BoundedNames names = new BoundedNames();
    private final Map<String, LongAdder> byClass = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private final List<BiConsumer<String, LongAdder>> followers = new ArrayList<>();

    /** {@link BoundedNames#OTHER} is known from the start, so that a first failure is an increase. */
    public ConnectionFailures() {
        byClass.put(BoundedNames.OTHER, new LongAdder());
    }

    /** Counts a failed attempt. */
    public void add(Throwable failure) {
        String name = names.bound(failure.getClass().getName());
        LongAdder known = byClass.get(name);
        (known == null ? firstOf(name) : known).increment();
    }

    private synchronized LongAdder firstOf(String name) {
        LongAdder known = byClass.get(name);
        if (known != null) {
            return known;
        }
        LongAdder count = new LongAdder();
        byClass.put(name, count);
        followers.forEach(follower -> follower.accept(name, count));
        return count;
    }

    /**
     * Gives the count of each class, now or with the first failure of the class. Each goes on counting.
     *
     * @param follower is called by threads that connect; must not throw
     */
    public synchronized void follow(BiConsumer<String, LongAdder> follower) {
        byClass.forEach(follower);
        followers.add(follower);
    }
}
