package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

class SpringBootSupportTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"3.5.0", "3.5.16", "3.6.0-SNAPSHOT", "4.0.0", "4.1.2", "5.0.0-M1", "unknown"})
    void takesWhatIsNotKnownToBeTooOld(String version) {
        assertThatCode(() -> SpringBootSupport.check(version)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5.22.RELEASE", "2.7.18", "3.0.0", "3.4.13"})
    void refusesWhatIsTooOld(String version) {
        assertThatExceptionOfType(UnsupportedSpringBootException.class)
                .isThrownBy(() -> SpringBootSupport.check(version))
                .withMessageContaining(version);
    }

    @Test
    void theAnalysisSaysWhichSpringBootIsNeeded() {
        FailureAnalysis analysis = new UnsupportedSpringBootFailureAnalyzer()
                .analyze(new IllegalStateException(new UnsupportedSpringBootException("3.2.1")));

        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription())
                .isEqualTo("Spring Boot 3.2.1 is not supported by Databricks SQL telemetry.");
        assertThat(analysis.getAction()).startsWith("Use Spring Boot 3.5 or newer.");
    }
}
