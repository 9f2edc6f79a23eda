package io.github.databrickstelemetry.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches when something is written under {@code databricks.telemetry.hosts}, whether or not telemetry is on. */
final class OnHostsCondition extends SpringBootCondition {

    static final ConfigurationPropertyName HOSTS = ConfigurationPropertyName.of(TelemetryProperties.PREFIX + ".hosts");

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        boolean written = TelemetrySwitch.isWritten(context.getEnvironment(), HOSTS);
        return new ConditionOutcome(
                written,
                ConditionMessage.forCondition("Databricks telemetry")
                        .because(HOSTS + (written ? " is written" : " is not written")));
    }
}
