package io.github.databrickstelemetry.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class ConnectionFailuresTest {

    private final ConnectionFailures failures = new ConnectionFailures();
    private final Map<String, LongAdder> seen = new TreeMap<>();

    @Test
    void countsByClassFromTheStart() {
        failures.add(new SQLException("secret"));
        failures.follow(seen::put);
        failures.add(new SQLException());
        failures.add(new IOException());

        assertThat(counts())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("java.io.IOException", 1L, "java.sql.SQLException", 2L, "other", 0L));
    }

    @Test
    void classesBeyondTheBoundShareAName() {
        ConnectionFailures bounded = new ConnectionFailures(1);
        bounded.follow(seen::put);
        bounded.add(new SQLException());
        bounded.add(new IOException());
        bounded.add(new IllegalStateException());

        assertThat(counts()).containsExactlyInAnyOrderEntriesOf(Map.of("java.sql.SQLException", 1L, "other", 2L));
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        seen.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }
}
