package io.github.databrickstelemetry.autoconfigure;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.ClassMetadata;

/**
 * Matches when {@code databricks.telemetry.enabled} is true and the environment variable
 * {@code DATABRICKS_TELEMETRY_DISABLED} does not say otherwise; the configuration of hosts, when something is written
 * under {@code databricks.telemetry.hosts}, whether or not telemetry is on. The condition report says what decided.
 *
 * <p>As a filter it is asked before Spring reads any configuration, so that those that do not match cost nothing; as a
 * condition, where a configuration is imported by name. One class for all of that, and no annotation, as each would be
 * one more at the start of an application.
 */
final class OnTelemetryCondition extends SpringBootCondition
        implements AutoConfigurationImportFilter, BeanFactoryAware, EnvironmentAware {

    static final ConfigurationPropertyName HOSTS = ConfigurationPropertyName.of(TelemetryProperties.PREFIX + ".hosts");

    private static final String OURS = "io.github.databrickstelemetry.autoconfigure.";
    private static final String OF_HOSTS = OURS + "DatabricksTelemetryHostsAutoConfiguration";

    private @Nullable BeanFactory beanFactory;
    private @Nullable Environment environment;

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return outcome(((ClassMetadata) metadata).getClassName(), context.getEnvironment());
    }

    /** Names that another filter has left out are null here. */
    @Override
    public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[autoConfigurations.length];
        for (int i = 0; i < matches.length; i++) {
            String name = autoConfigurations[i];
            matches[i] = name == null || !isOurs(name) || matches(name);
        }
        return matches;
    }

    /** What a configuration imports passes through here as well. */
    private static boolean isOurs(String name) {
        return name.startsWith(OURS) && name.endsWith("AutoConfiguration");
    }

    private boolean matches(String configuration) {
        ConditionOutcome outcome = outcome(configuration, Objects.requireNonNull(environment));
        ConditionEvaluationReport report = ConditionEvaluationReport.find(Objects.requireNonNull(beanFactory));
        if (!outcome.isMatch() && report != null) {
            report.recordConditionEvaluation(configuration, this, outcome);
        }
        return outcome.isMatch();
    }

    private static ConditionOutcome outcome(String configuration, Environment environment) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Databricks telemetry");
        if (OF_HOSTS.equals(configuration)) {
            boolean written = TelemetrySwitch.isWritten(environment, HOSTS);
            return new ConditionOutcome(
                    written, message.because(HOSTS + (written ? " is written" : " is not written")));
        }
        if (TelemetrySwitch.isKilled(environment)) {
            return ConditionOutcome.noMatch(message.because(TelemetrySwitch.KILL_SWITCH + " is set"));
        }
        if (!TelemetrySwitch.isEnabled(environment)) {
            return ConditionOutcome.noMatch(message.because(TelemetrySwitch.ENABLED + " is not true"));
        }
        return ConditionOutcome.match(message.because(TelemetrySwitch.ENABLED + " is true"));
    }
}
