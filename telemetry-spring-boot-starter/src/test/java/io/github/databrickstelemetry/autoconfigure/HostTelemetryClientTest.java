package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostTelemetryClientTest {

    /** As when a library that the engine needs is missing, or of another version. */
    private static final class Broken implements TelemetryClientProvider {
        @Override
        public TelemetryClient acquire(TelemetryTarget target) {
            throw new NoClassDefFoundError("fault");
        }

        @Override
        public void release(TelemetryClient client) {}

        @Override
        public List<TelemetryClient> clients() {
            return List.of();
        }

        @Override
        public TelemetryClient acquireLazily(String host, Supplier<@Nullable TelemetryTarget> target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<HostTotals> totals() {
            return List.of();
        }

        @Override
        public long swallowed() {
            return 0;
        }

        @Override
        public void addListener(TelemetryListener listener) {}

        @Override
        public void close() {}
    }

    @Test
    void aClientThatCannotBeMadeIsInert() {
        Contexts.enabled()
                .withBean(TelemetryClientProvider.class, Broken::new)
                .withPropertyValues("databricks.telemetry.hosts.prod.host=prod.example.com")
                .run(context -> {
                    TelemetryClient client = context.getBean("prodTelemetryClient", TelemetryClient.class);
                    client.emitter().connectionOpen("session", ConnectionDetails.UNKNOWN, 1);

                    assertThat(client.emitter().isEnabled()).isFalse();
                    assertThat(client.statistics().events().emitted()).isZero();
                });
    }
}
