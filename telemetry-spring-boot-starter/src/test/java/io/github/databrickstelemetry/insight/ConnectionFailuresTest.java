package io.github.databrickstelemetry.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
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
    void classesBeyondTheBoundShareAName() throws Exception {
        failures.follow(seen::put);
        for (int i = 0; i < 120; i++) {
            failures.add(ofAnotherClass());
        }

        assertThat(counts()).hasSize(101).containsEntry("other", 20L);
    }

    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** A hidden class has a name of its own each time. */
    private static Throwable ofAnotherClass() throws IOException, ReflectiveOperationException {
        try (InputStream code = Failure.class.getResourceAsStream("ConnectionFailuresTest$Failure.class")) {
            return (Throwable) MethodHandles.lookup()
                    .defineHiddenClass(Objects.requireNonNull(code).readAllBytes(), true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        }
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        seen.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }
}
