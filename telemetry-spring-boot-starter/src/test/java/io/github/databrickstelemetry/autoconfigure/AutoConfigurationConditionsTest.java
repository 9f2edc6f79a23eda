package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.DataSourceTelemetryPostProcessor;
import org.junit.jupiter.api.Test;

class AutoConfigurationConditionsTest {

    @Test
    void isOffUnlessSwitchedOn() {
        Contexts.untouched().run(context -> {
            assertThat(context).doesNotHaveBean(TelemetryClientProvider.class);
            assertThat(context).doesNotHaveBean(DataSourceTelemetryPostProcessor.class);
            assertThat(context).doesNotHaveBean(TelemetryProperties.class);
        });
    }

    @Test
    void bringsTheEngineAndObservesDataSourcesWhenSwitchedOn() {
        Contexts.enabled().run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context).hasSingleBean(TelemetryClientProvider.class);
            assertThat(context).hasSingleBean(DataSourceTelemetryPostProcessor.class);
        });
    }
}
