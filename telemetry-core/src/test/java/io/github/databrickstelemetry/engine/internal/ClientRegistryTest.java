package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClientRegistryTest {

    private final Bench bench = new Bench(64);
    private final ClientRegistry registry = new ClientRegistry();

    @Test
    void aClientThatCannotBeOpenedIsForgotten() {
        ClientPipeline lost = bench.client("a.example").pipeline;
        assertThatThrownBy(() -> registry.acquire(lost.target(), target -> lost, client -> {
                    throw new OutOfMemoryError("of the test");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(registry.live()).isEmpty();

        ClientPipeline next = bench.client("a.example").pipeline;
        assertThat(registry.acquire(lost.target(), target -> next, client -> {}))
                .isSameAs(next);
        assertThat(registry.live()).containsExactly(next);
    }
}
