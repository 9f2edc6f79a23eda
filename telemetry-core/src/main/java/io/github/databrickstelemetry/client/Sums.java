package io.github.databrickstelemetry.client;

import java.util.HashMap;
import java.util.Map;

/** Arithmetic with counters by key. */
final class Sums {

    private Sums() {}

    static long of(Map<?, Long> counts) {
        long sum = 0;
        for (long count : counts.values()) {
            sum += count;
        }
        return sum;
    }

    static <K> Map<K, Long> of(Map<K, Long> one, Map<K, Long> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Map<K, Long> sums = new HashMap<>(one);
        other.forEach((key, count) -> sums.merge(key, count, Long::sum));
        return sums;
    }
}
