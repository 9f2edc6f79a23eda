package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.properties.TelemetrySwitch;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if {@code databricks.telemetry.enabled} is true and the environment variable
 * {@code DATABRICKS_TELEMETRY_DISABLED} does not switch telemetry off. Fails the start if the property is not a boolean.
 */
final class OnTelemetryCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        ConditionMessage.Builder message = ConditionMessage.forCondition("Databricks telemetry");
        if (TelemetrySwitch.isKilled(environment)) {
            return ConditionOutcome.noMatch(message.because(TelemetrySwitch.KILL_SWITCH + " is set"));
        }
        boolean on = TelemetrySwitch.isOn(environment);
        return new ConditionOutcome(on, message.because(TelemetrySwitch.ENABLED + (on ? " is true" : " is not true")));
    }
}
