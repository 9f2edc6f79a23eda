package io.github.databrickstelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The public types of this module and those nested in them. A type of the first list is a promise to
 * users and documented.
 */
class StarterPublicApiTest {

    private static final String ROOT = "io.github.databrickstelemetry.";

    private static final List<String> API = List.of(
            "actuate.TelemetryEndpoint",
            "actuate.TelemetryEndpoint$Action",
            "actuate.TelemetryPageEndpoint",
            "autoconfigure.DatabricksTelemetryActuatorAutoConfiguration",
            "autoconfigure.DatabricksTelemetryAutoConfiguration",
            "autoconfigure.DatabricksTelemetryHostsAutoConfiguration",
            "autoconfigure.DatabricksTelemetryInsightAutoConfiguration",
            "autoconfigure.DatabricksTelemetryJdbcAutoConfiguration",
            "autoconfigure.DatabricksTelemetryMetricsAutoConfiguration",
            "autoconfigure.TelemetryCredentials",
            "jdbc.datasource.DataSourceInstrumentation",
            "properties.HostProperties",
            "properties.HostProperties$CircuitBreaker",
            "properties.HostProperties$DriverTelemetryMode",
            "properties.HostProperties$Export",
            "properties.HostProperties$FeatureFlag",
            "properties.HostProperties$Proxy",
            "properties.InvalidTelemetryPropertyException",
            "properties.TelemetryProperties",
            "properties.TelemetryProperties$DataSource",
            "properties.TelemetryProperties$Insight",
            "properties.TelemetryProperties$QueryTagSource",
            "properties.TelemetryProperties$StatementLogMode");

    /** Public only because another package of this library needs them. */
    private static final List<String> FOR_OTHER_PACKAGES = List.of(
            "actuate.Boot3HealthIndicator",
            "actuate.Boot4HealthIndicator",
            "actuate.Details",
            "actuate.PauseSwitch",
            "insight.BoundedNames",
            "insight.ConnectionFailures",
            "insight.FinishedStatement",
            "insight.MicrometerTraceContexts",
            "insight.RecentStatements",
            "insight.RecentStatements$RecentStatement",
            "insight.StatementLog",
            "insight.StatementSpans",
            "insight.StatementTotals",
            "insight.StatementTotals$Totals",
            "insight.TraceContexts",
            "jdbc.DriverAdapter",
            "jdbc.DriverAdapter$ConnectionCall",
            "jdbc.InstrumentedConnection",
            "jdbc.InstrumentedConnection$End",
            "jdbc.JdbcSource",
            "jdbc.LocalContext",
            "jdbc.SessionTelemetry",
            "jdbc.databricks.CurrentCredentials",
            "jdbc.databricks.DatabricksDriver",
            "jdbc.databricks.DatabricksDriverAdapter",
            "jdbc.databricks.DatabricksUrl",
            "jdbc.databricks.WorkspaceIds",
            "jdbc.datasource.DataSourceDescription",
            "jdbc.datasource.DataSourceResolver",
            "jdbc.datasource.DataSourceStatus",
            "jdbc.datasource.DataSourceStatus$DriverTelemetry",
            "jdbc.datasource.DataSourceStatus$Instrumentation",
            "jdbc.datasource.DataSourceTelemetryPostProcessor",
            "jdbc.datasource.InstrumentedDataSource",
            "jdbc.delegate.DelegatingConnection",
            "jdbc.delegate.DelegatingPreparedStatement",
            "jdbc.delegate.DelegatingStatement",
            "jdbc.delegate.ForwardingDataSource",
            "metrics.TelemetryMeterBinder",
            "properties.QueryTags",
            "properties.TelemetrySettings",
            "properties.TelemetrySettings$BearerToken",
            "properties.TelemetrySettings$DataSourceSettings",
            "properties.TelemetrySettings$HostSettings",
            "properties.TelemetrySwitch",
            "properties.UniformName",
            "properties.UnknownProperties");

    @Test
    void isListed() {
        List<String> listed = new ArrayList<>(API);
        listed.addAll(FOR_OTHER_PACKAGES);

        assertThat(publicTypes()).isSubsetOf(listed).containsAll(API);
    }

    private static List<String> publicTypes() {
        return new ClassFileImporter()
                        .importUrl(TelemetryProperties.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation())
                        .stream()
                        .filter(StarterPublicApiTest::isVisible)
                        .map(JavaClass::getName)
                        .map(name -> name.substring(ROOT.length()))
                        .toList();
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(StarterPublicApiTest::isVisible).orElse(true);
    }
}
