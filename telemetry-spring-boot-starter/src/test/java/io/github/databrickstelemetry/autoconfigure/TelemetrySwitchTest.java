package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetrySwitchTest {

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE", "yes", "on", "1", " true "})
    void isOnWithEveryWordThatSpringBootTakesForTrue(String value) {
        Contexts.untouched()
                .withPropertyValues("databricks.telemetry.enabled=" + value)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(TelemetryClientProvider.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "no", "off", "0", "", "maybe"})
    void isOffWithAnyOther(String value) {
        Contexts.untouched()
                .withPropertyValues("databricks.telemetry.enabled=" + value)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TelemetryClientProvider.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "0", ""})
    void nothingTakesBackWhatTheEnvironmentVariableSays(String systemProperty) {
        Contexts.withEnvironment(Contexts.enabled(), Map.of("DATABRICKS_TELEMETRY_DISABLED", "1"))
                .withSystemProperties("DATABRICKS_TELEMETRY_DISABLED=" + systemProperty)
                .run(context -> assertThat(context).doesNotHaveBean(TelemetryClientProvider.class));
    }

    @Test
    void aSystemPropertySwitchesOffAsWell() {
        Contexts.withEnvironment(Contexts.enabled(), Map.of("DATABRICKS_TELEMETRY_DISABLED", "0"))
                .withSystemProperties("DATABRICKS_TELEMETRY_DISABLED=1")
                .run(context -> assertThat(context).doesNotHaveBean(TelemetryClientProvider.class));
    }
}
