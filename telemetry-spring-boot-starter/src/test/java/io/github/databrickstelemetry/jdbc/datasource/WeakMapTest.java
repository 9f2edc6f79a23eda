package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WeakMapTest {

    private final Guard guard = new Guard(LoggerFactory.getLogger(WeakMapTest.class));
    private final List<String> collected = new ArrayList<>();
    private final WeakMap<Object, String> map = new WeakMap<>(guard, collected::add);

    private record Key(String name) {}

    @Test
    void tellsEqualKeysApart() {
        Key one = new Key("same");
        Key other = new Key("same");
        map.put(one, "one");
        map.put(other, "other");

        assertThat(map.get(one)).isEqualTo("one");
        assertThat(map.get(other)).isEqualTo("other");
        assertThat(map.get(new Key("same"))).isNull();
        assertThat(map.keys()).hasSize(2);
        assertThat(map.remove(one)).isEqualTo("one");
        assertThat(map.containsKey(one)).isFalse();
        assertThat(map.values()).containsExactly("other");
        assertThat(collected).isEmpty();
    }

    @Test
    void handsOverTheValuesOfCollectedKeysOnce() {
        Object kept = new Object();
        map.put(kept, "kept");
        map.put(new Object(), "gone");

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return map.size() == 1;
        });
        assertThat(collected).containsExactly("gone");
        assertThat(map.get(kept)).isEqualTo("kept");
    }

    @Test
    void countsAFailureOfTheHandOver() {
        WeakMap<Object, String> failing = new WeakMap<>(guard, value -> {
            throw new IllegalStateException(value);
        });
        failing.put(new Object(), "gone");

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return failing.size() == 0;
        });
        assertThat(guard.count()).isOne();
    }
}
