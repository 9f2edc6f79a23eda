package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.mock.env.MockEnvironment;

/** The condition as a filter of what Spring Boot reads. As a condition, the other tests of contexts ask it. */
class OnTelemetryConditionTest {

    private static final String CORE = DatabricksTelemetryAutoConfiguration.class.getName();
    private static final String JDBC = DatabricksTelemetryJdbcAutoConfiguration.class.getName();
    private static final String HOSTS = DatabricksTelemetryHostsAutoConfiguration.class.getName();

    private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
    private final MockEnvironment environment = new MockEnvironment();

    @EnableAutoConfiguration
    private static final class Application {}

    @Test
    void leavesNothingOfOursWhileTelemetryIsOff() {
        assertThat(ours(selected())).isEmpty();
        environment.setProperty("databricks.telemetry.enabled", "false");
        assertThat(ours(selected())).isEmpty();
    }

    @Test
    void leavesWhatIsNotOurs() {
        assertThat(selected())
                .contains("org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration");
    }

    @Test
    void leavesTheConfigurationOfHostsOutWhereThereAreNone() {
        environment.setProperty("databricks.telemetry.enabled", "true");
        assertThat(ours(selected())).contains(CORE, JDBC).doesNotContain(HOSTS);
    }

    @Test
    void leavesTheConfigurationOfHostsAlsoWhileTelemetryIsOff() {
        environment.setProperty("databricks.telemetry.hosts.prod.host", "prod.example.com");
        assertThat(ours(selected())).containsExactly(HOSTS);
    }

    @Test
    void theKillSwitchLeavesNothingOfOurs() {
        environment.setProperty("databricks.telemetry.enabled", "true");
        environment.setProperty("DATABRICKS_TELEMETRY_DISABLED", "true");
        assertThat(ours(selected())).isEmpty();
        assertThat(reasons(CORE)).contains("Databricks telemetry DATABRICKS_TELEMETRY_DISABLED is set");
    }

    @Test
    void theConditionReportSaysWhy() {
        selected();
        assertThat(reasons(JDBC)).contains("Databricks telemetry databricks.telemetry.enabled is not true");
        assertThat(reasons(HOSTS)).contains("Databricks telemetry databricks.telemetry.hosts is not written");
    }

    /** What Spring Boot itself would read of what it finds on the class path. */
    private List<String> selected() {
        AutoConfigurationImportSelector selector = new AutoConfigurationImportSelector();
        selector.setBeanFactory(beanFactory);
        selector.setBeanClassLoader(getClass().getClassLoader());
        selector.setResourceLoader(new DefaultResourceLoader());
        selector.setEnvironment(environment);
        return List.of(selector.selectImports(AnnotationMetadata.introspect(Application.class)));
    }

    private static List<String> ours(List<String> selected) {
        return selected.stream()
                .filter(name -> name.startsWith("io.github.databrickstelemetry."))
                .toList();
    }

    private List<String> reasons(String configuration) {
        return Stream.ofNullable(ConditionEvaluationReport.get(beanFactory)
                        .getConditionAndOutcomesBySource()
                        .get(configuration))
                .flatMap(ConditionEvaluationReport.ConditionAndOutcomes::stream)
                .map(reason -> reason.getOutcome().getMessage())
                .toList();
    }
}
