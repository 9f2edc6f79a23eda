package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.PropertySource;

class TelemetrySwitchTest {

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE", "yes", "on", "1", " true "})
    void isOnWithEveryWordThatSpringBootTakesForTrue(String value) {
        Contexts.untouched()
                .withPropertyValues("databricks.telemetry.enabled=" + value)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(TelemetryClientProvider.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "no", "off", "0", ""})
    void isOffWithAnyOther(String value) {
        Contexts.untouched()
                .withPropertyValues("databricks.telemetry.enabled=" + value)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TelemetryClientProvider.class));
    }

    @Test
    void anUnreadableValueFailsTheStart() {
        Contexts.untouched()
                .withPropertyValues("databricks.telemetry.enabled=maybe")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseInstanceOf(IllegalArgumentException.class)
                        .hasStackTraceContaining("databricks.telemetry.enabled is 'maybe', but must be true or false"));
    }

    @Test
    void anUnreadableValueDoesNotMatterWhileTheEnvironmentVariableIsSet() {
        Contexts.withEnvironment(Contexts.untouched(), Map.of("DATABRICKS_TELEMETRY_DISABLED", "1"))
                .withPropertyValues("databricks.telemetry.enabled=maybe")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TelemetryClientProvider.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "0", ""})
    void nothingTakesBackWhatTheEnvironmentVariableSays(String systemProperty) {
        Contexts.withEnvironment(Contexts.enabled(), Map.of("DATABRICKS_TELEMETRY_DISABLED", "1"))
                .withSystemProperties("DATABRICKS_TELEMETRY_DISABLED=" + systemProperty)
                .run(context -> assertThat(context).doesNotHaveBean(TelemetryClientProvider.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "YES", "on", " True "})
    void theEnvironmentVariableCountsAtRunTimeAsWell(String value) {
        Contexts.frozenThen(Map.of("DATABRICKS_TELEMETRY_DISABLED", value))
                .run(context -> assertThat(
                                context.getBean(TelemetrySettings.class).enabled())
                        .isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "", "no"})
    void anyOtherValueOfTheEnvironmentVariableSwitchesNothingOff(String value) {
        Contexts.frozenThen(Map.of("DATABRICKS_TELEMETRY_DISABLED", value))
                .run(context -> assertThat(
                                context.getBean(TelemetrySettings.class).enabled())
                        .isTrue());
    }

    @Test
    void thePropertyCountsAtRunTimeAsWell() {
        Contexts.frozenThen(Map.of("databricks.telemetry.enabled", "false"))
                .run(context -> assertThat(
                                context.getBean(TelemetrySettings.class).enabled())
                        .isFalse());
    }

    @Test
    void aSystemPropertySwitchesOffAsWell() {
        Contexts.withEnvironment(Contexts.enabled(), Map.of("DATABRICKS_TELEMETRY_DISABLED", "0"))
                .withSystemProperties("DATABRICKS_TELEMETRY_DISABLED=1")
                .run(context -> assertThat(context).doesNotHaveBean(TelemetryClientProvider.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "databricks.telemetry.batch-size=0",
                "databricks.telemetry.batchSize=0",
                "databricks.telemetry.batch_size=0",
                "Databricks.Telemetry.BATCH-SIZE=0",
                "databricks.telemetry.hosts.prod.token=none"
            })
    void bindsWhatElseIsWrittenInAnySpelling(String property) {
        Contexts.enabled()
                .withPropertyValues(property)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void bindsAVariableOfTheEnvironment() {
        Contexts.withEnvironment(Contexts.enabled(), Map.of("DATABRICKS_TELEMETRY_BATCHSIZE", "0"))
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void bindsWhatASourceHoldsThatCannotListItsNames() {
        Contexts.enabled()
                .withInitializer(
                        context -> context.getEnvironment().getPropertySources().addFirst(new Unlisted()))
                .run(context -> assertThat(context).hasFailed());
    }

    /** As some vaults are. */
    private static final class Unlisted extends PropertySource<String> {

        private Unlisted() {
            super("unlisted", "0");
        }

        @Override
        public @Nullable Object getProperty(String name) {
            return name.equals("databricks.telemetry.batch-size") ? source : null;
        }
    }
}
