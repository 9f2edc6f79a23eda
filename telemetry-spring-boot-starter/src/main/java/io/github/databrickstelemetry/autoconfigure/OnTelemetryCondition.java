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
        return OF_HOSTS.equals(((ClassMetadata) metadata).getClassName())
                ? ofHosts(context.getEnvironment())
                : ofSwitch(context.getEnvironment());
    }

    /** Names that another filter has left out are null here. */
    @Override
    public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[autoConfigurations.length];
        ConditionOutcome ofSwitch = null;
        for (int i = 0; i < matches.length; i++) {
            String name = autoConfigurations[i];
            if (name == null || !isOurs(name)) {
                matches[i] = true;
            } else if (OF_HOSTS.equals(name)) {
                matches[i] = recorded(name, ofHosts(environment()));
            } else {
                ofSwitch = ofSwitch == null ? ofSwitch(environment()) : ofSwitch;
                matches[i] = recorded(name, ofSwitch);
            }
        }
        return matches;
    }

    /** What a configuration imports passes through here as well. */
    private static boolean isOurs(String name) {
        return name.startsWith(OURS) && name.endsWith("AutoConfiguration");
    }

    private Environment environment() {
        return Objects.requireNonNull(environment);
    }

    /** Those that match are asked again as conditions, and recorded then. */
    private boolean recorded(String configuration, ConditionOutcome outcome) {
        ConditionEvaluationReport report = ConditionEvaluationReport.find(Objects.requireNonNull(beanFactory));
        if (!outcome.isMatch() && report != null) {
            report.recordConditionEvaluation(configuration, this, outcome);
        }
        return outcome.isMatch();
    }

    private static ConditionOutcome ofHosts(Environment environment) {
        boolean written = TelemetrySwitch.isWritten(environment, HOSTS);
        return new ConditionOutcome(written, message().because(HOSTS + (written ? " is written" : " is not written")));
    }

    private static ConditionOutcome ofSwitch(Environment environment) {
        if (TelemetrySwitch.isKilled(environment)) {
            return ConditionOutcome.noMatch(message().because(TelemetrySwitch.KILL_SWITCH + " is set"));
        }
        if (!TelemetrySwitch.isEnabled(environment)) {
            return ConditionOutcome.noMatch(message().because(TelemetrySwitch.ENABLED + " is not true"));
        }
        return ConditionOutcome.match(message().because(TelemetrySwitch.ENABLED + " is true"));
    }

    private static ConditionMessage.Builder message() {
        return ConditionMessage.forCondition("Databricks telemetry");
    }
}
