package io.github.databrickstelemetry.properties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

class InvalidPropertyTest {

    private static final String OF_THE_ENGINE = """
            queue-capacity=1                        | between 2 and 16777216
            close-timeout=1h                        | between 0s and 5m
            insight.slow-threshold=-1s              | 0s or longer
            insight.recent-statements=1001          | between 0 and 1000
            feature-flag.name=                      | the full name of a flag
            """;

    private static final String OF_A_CLIENT = """
            batch-size=0                            | between 1 and 10000
            flush-interval=1ms                      | between 10ms and 1d
            max-pending=0                           | between 1 and 1000000
            max-in-flight-statements=0              | between 1 and 1000000
            max-errors-per-statement=-1             | between 0 and 1000
            statement-ttl=0ms                       | between 1ms and 7d
            export.max-retries=11                   | between 0 and 10
            export.backoff-initial=0ms              | between 1ms and 1m
            export.backoff-max=0ms                  | between 1ms and 5m
            export.retry-after-max=1h               | between 0s and 10m
            export.connect-timeout=0s               | between 1ms and 5m
            export.read-timeout=1h                  | between 1ms and 5m
            export.authenticated-paths=telemetry    | absolute paths such as /telemetry-ext
            export.unauthenticated-paths=//x        | absolute paths such as /telemetry-ext
            export.max-request-size=1B              | between 1024 and 67108864
            export.max-request-size=8GB             | between 1024 and 67108864
            export.proxy.port=70000                 | the host of the proxy
            circuit-breaker.failure-threshold=0     | between 1 and 1000
            circuit-breaker.open-timeout=0s         | between 1ms and 365d
            circuit-breaker.success-threshold=0     | between 1 and 1000
            feature-flag.client=a/b                 | 1 to 64 letters
            feature-flag.ttl=1ms                    | between 1s and 1h
            export.ssl-bundle=missing               | the name of an SSL bundle
            """;

    @ParameterizedTest
    @CsvSource(textBlock = OF_THE_ENGINE + OF_A_CLIENT, delimiter = '|')
    void namesThePropertyAndWhatIsAllowed(String assignment, String allowed) {
        assertThatExceptionOfType(InvalidTelemetryPropertyException.class)
                .isThrownBy(() -> Settings.settings(assignment))
                .satisfies(failure -> {
                    assertThat(failure.property()).startsWith("databricks.telemetry.");
                    assertThat(failure.allowed()).contains(allowed);
                });
    }

    @ParameterizedTest
    @CsvSource(textBlock = OF_A_CLIENT, delimiter = '|')
    void namesTheHostWhoseSettingItIs(String assignment, String allowed) {
        assertThatExceptionOfType(InvalidTelemetryPropertyException.class)
                .isThrownBy(() -> Settings.settings("hosts.prod.host=prod.example.com", "hosts.prod." + assignment))
                .satisfies(failure -> {
                    assertThat(failure.property()).startsWith("databricks.telemetry.hosts.prod.");
                    assertThat(failure.allowed()).contains(allowed);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-pending=50", "export.backoff-initial=2s", "export.backoff-max=1ms"})
    void noValueIsWrongOnlyBesideTheDefaultOfAnother(String assignment) {
        assertThatNoException().isThrownBy(() -> Settings.settings(assignment));
    }

    @Test
    void namesThePropertyExactly() {
        InvalidTelemetryPropertyException failure =
                failure("hosts.prod.host=prod.example.com", "hosts.prod.export.max-retries=99");

        assertThat(failure)
                .hasMessage("databricks.telemetry.hosts.prod.export.max-retries is 99, but must be between 0 and 10");
    }

    @Test
    void aHostNeedsAnAddress() {
        assertThat(failure("hosts.prod.token=x"))
                .hasMessage("databricks.telemetry.hosts.prod.host is missing, but must be the address of a workspace,"
                        + " written host[:port]");
    }

    @Test
    void aMalformedAddressIsNotRepeatedBecausePeoplePasteTokens() {
        InvalidTelemetryPropertyException failure =
                failure("hosts.prod.host=https://token:dapi123@prod.example.com/path");

        assertThat(failure.property()).isEqualTo("databricks.telemetry.hosts.prod.host");
        assertThat(failure).hasMessageNotContaining("dapi123");
    }

    @Test
    void aDataSourceThatNamesAnUnknownHostIsToldTheKnownOnes() {
        InvalidTelemetryPropertyException failure = failure(
                "hosts.prod.host=prod.example.com", "hosts.test.host=test.example.com", "data-sources.ds.host=pord");

        assertThat(failure.property()).isEqualTo("databricks.telemetry.data-sources.ds.host");
        assertThat(failure).hasMessageContaining("'pord', which does not exist").hasMessageContaining("[prod, test]");
    }

    @Test
    void aDataSourceThatNamesAHostWhereThereAreNoneIsToldSo() {
        assertThat(failure("data-sources.ds.host=prod")).hasMessageContaining("(there is none)");
    }

    @Test
    void aDataSourceWithAMalformedAddressIsRefused() {
        assertThat(failure("data-sources.ds.host=https://a.example.com/sql").property())
                .isEqualTo("databricks.telemetry.data-sources.ds.host");
    }

    @Test
    void theAnalysisSaysWhatToDo() {
        FailureAnalysis analysis = new InvalidTelemetryPropertyException.Analyzer()
                .analyze(new IllegalStateException(failure("batch-size=0")));

        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).isEqualTo("The property databricks.telemetry.batch-size is 0.");
        assertThat(analysis.getAction())
                .startsWith("It must be between 1 and 10000.")
                .contains("databricks.telemetry.enabled=false");
    }

    private static InvalidTelemetryPropertyException failure(String... assignments) {
        return catchThrowableOfType(InvalidTelemetryPropertyException.class, () -> Settings.settings(assignments));
    }
}
