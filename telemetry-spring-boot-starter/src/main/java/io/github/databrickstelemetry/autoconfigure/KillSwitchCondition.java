package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.properties.TelemetrySwitch;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless the environment variable {@code DATABRICKS_TELEMETRY_DISABLED} switches telemetry off. Evaluated before
 * the other conditions: while the variable is set, an unreadable {@code databricks.telemetry.enabled} is not an error.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class KillSwitchCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        ConditionMessage.Builder message = ConditionMessage.forCondition("Databricks telemetry");
        if (TelemetrySwitch.isKilled(environment)) {
            return ConditionOutcome.noMatch(message.because(TelemetrySwitch.KILL_SWITCH + " is set"));
        }
        TelemetrySwitch.isOn(environment);
        return ConditionOutcome.match(message.because(TelemetrySwitch.KILL_SWITCH + " is not set"));
    }
}
