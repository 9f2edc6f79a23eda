package io.github.databrickstelemetry.breaker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.testing.FakeClock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CircuitBreakerRegistryTest {

    private final CircuitBreakerRegistry registry = new CircuitBreakerRegistry(new FakeClock(), new Random(7));

    private CircuitBreaker breaker(String host) {
        return registry.breaker(host, CircuitBreakerSettings.DEFAULTS);
    }

    @Test
    void sharesOneBreakerForEachHost() {
        CircuitBreaker breaker = breaker("one:443");
        assertThat(breaker("one:443")).isSameAs(breaker);
        assertThat(breaker("other:443")).isNotSameAs(breaker);
    }

    @Test
    void forgetsABreakerThatIsNotHeld() {
        CircuitBreaker held = breaker("held:443");
        breaker("gone:443");
        assertThat(registry.size()).isEqualTo(2);

        await().atMost(Duration.ofSeconds(60)).until(() -> {
            System.gc();
            return registry.size() == 1;
        });

        assertThat(breaker("held:443")).isSameAs(held);
    }
}
