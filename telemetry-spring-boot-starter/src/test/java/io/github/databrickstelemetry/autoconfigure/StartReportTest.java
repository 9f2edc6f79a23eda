package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartReportTest {

    private static final String LOGGER = StartReport.class.getName();

    private static void at(LogLevel level, ApplicationContextRunner application) {
        LoggingSystem logging = LoggingSystem.get(StartReportTest.class.getClassLoader());
        logging.setLogLevel(LOGGER, level);
        try {
            application.run(context -> assertThat(context).hasNotFailed());
        } finally {
            logging.setLogLevel(LOGGER, null);
        }
    }

    private static ApplicationContextRunner application() {
        return Contexts.enabled()
                .withPropertyValues(
                        "databricks.telemetry.export.enabled=false",
                        "databricks.telemetry.insight.metrics=false",
                        "databricks.telemetry.hosts.prod.host=prod.example.com",
                        "databricks.telemetry.hosts.prod.enabled=false",
                        "databricks.telemetry.batchsizes=secret");
    }

    @Test
    void namesAtDebugWhatIsSwitchedOffAndWhatIsMisspelt(CapturedOutput output) {
        at(LogLevel.DEBUG, application());

        assertThat(output)
                .contains("switched off: export.enabled, insight.metrics, hosts.prod.enabled")
                .contains("Telemetry has no property databricks.telemetry.batchsizes, which is ignored")
                .doesNotContain("secret");
    }

    @Test
    void saysSoWhereNothingIsSwitchedOff(CapturedOutput output) {
        at(LogLevel.DEBUG, Contexts.enabled());

        assertThat(output).contains("switched off: nothing");
    }

    @Test
    void isSilentAboveDebug(CapturedOutput output) {
        at(LogLevel.INFO, application());

        assertThat(output).doesNotContain("switched off").doesNotContain("batchsizes");
    }
}
