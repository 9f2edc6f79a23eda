package io.github.databrickstelemetry.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Asks the {@link TelemetrySwitch}, and says in the condition report which part of it decided. */
final class OnTelemetryCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnTelemetry.class);
        Environment environment = context.getEnvironment();
        if (TelemetrySwitch.isKilled(environment)) {
            return ConditionOutcome.noMatch(message.because(TelemetrySwitch.KILL_SWITCH + " is set"));
        }
        if (!TelemetrySwitch.isOn(environment)) {
            return ConditionOutcome.noMatch(message.because(TelemetrySwitch.ENABLED + " is not true"));
        }
        return ConditionOutcome.match(message.because(TelemetrySwitch.ENABLED + " is true"));
    }
}
