package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.properties.UnknownProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartReportTest {

    private static final String LOGGER = UnknownProperties.class.getName();

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
        return Contexts.enabled().withPropertyValues("databricks.telemetry.batchsizes=secret");
    }

    @Test
    void namesMisspeltPropertiesAtDebug(CapturedOutput output) {
        at(LogLevel.DEBUG, application());

        assertThat(output)
                .contains("Telemetry is enabled")
                .contains("Telemetry has no property databricks.telemetry.batchsizes, which is ignored")
                .doesNotContain("secret");
    }

    @Test
    void isSilentAboveDebug(CapturedOutput output) {
        at(LogLevel.INFO, application());

        assertThat(output).doesNotContain("Telemetry is").doesNotContain("batchsizes");
    }
}
