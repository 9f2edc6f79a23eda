package io.github.databrickstelemetry.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches when {@code databricks.telemetry.enabled} is true and the environment variable
 * {@code DATABRICKS_TELEMETRY_DISABLED} does not say otherwise. The condition report says which of them decided.
 *
 * <p>Used without an annotation of its own, for which Java would make one more class at the start of an application.
 */
final class OnTelemetryCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Databricks telemetry");
        Environment environment = context.getEnvironment();
        if (TelemetrySwitch.isKilled(environment)) {
            return ConditionOutcome.noMatch(message.because(TelemetrySwitch.KILL_SWITCH + " is set"));
        }
        if (!TelemetrySwitch.isEnabled(environment)) {
            return ConditionOutcome.noMatch(message.because(TelemetrySwitch.ENABLED + " is not true"));
        }
        return ConditionOutcome.match(message.because(TelemetrySwitch.ENABLED + " is true"));
    }
}
