package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeIdsTest {

    @ParameterizedTest
    @CsvSource({
        "s|warehouse|01ef-session, 01ef-session",
        "s|warehouse|01ef-session|r, 01ef-session",
        "t|01ef-session|secret, 01ef-session",
    })
    void findsTheSessionAndNeverTheSecret(String connectionId, String expected) {
        assertThat(DatabricksDriverAdapter.safeSessionId(connectionId)).isEqualTo(expected);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "secret",
                "t|secret",
                "t|guid|secret|more",
                "x|a|b",
                "s||",
                "s|w",
                "s|",
                "st|a|b",
                "s|w|two words",
                "t|a\nb|secret",
                "|||"
            })
    void takesNoSessionFromAnythingElse(@Nullable String connectionId) {
        assertThat(DatabricksDriverAdapter.safeSessionId(connectionId)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"01ef_A-9, 01ef_A-9", "01ef|secret, 01ef"})
    void cutsTheSecretOffAStatement(String statementId, String expected) {
        assertThat(DatabricksDriverAdapter.safeStatementId(statementId)).isEqualTo(expected);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"|secret", "SELECT 1", "a'b", "a\u0000", "<script>", "\u0661"})
    void takesNoStatementFromAnythingElse(@Nullable String statementId) {
        assertThat(DatabricksDriverAdapter.safeStatementId(statementId)).isNull();
    }

    @Test
    void takesNoIdOfAnyLength() {
        assertThat(DatabricksDriverAdapter.safeStatementId("a".repeat(128))).hasSize(128);
        assertThat(DatabricksDriverAdapter.safeStatementId("a".repeat(129))).isNull();
        assertThat(DatabricksDriverAdapter.safeSessionId("s|w|" + "a".repeat(1 << 20)))
                .isNull();
    }
}
