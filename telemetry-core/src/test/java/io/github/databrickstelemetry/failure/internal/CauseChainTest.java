package io.github.databrickstelemetry.failure.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class CauseChainTest {

    /** As the driver throws it. */
    private static class DatabricksHttpException extends SQLException {
        private static final long serialVersionUID = 1L;

        DatabricksHttpException(@Nullable String message) {
            super(message, "08000");
        }
    }

    @ParameterizedTest
    @CsvSource({"400, TERMINAL", "401, TERMINAL", "403, TERMINAL", "404, TERMINAL", "429, RETRYABLE", "503, RETRYABLE"})
    void beatsTheStateThatCallsEveryAnswerABrokenConnection(int status, ErrorKind kind) {
        Throwable failure = new IOException(new DatabricksHttpException(
                "HTTP request failed by code: " + status + ", status line: HTTP/1.1 " + status + "."));

        assertThat(CauseChain.of(failure).httpStatus()).isEqualTo(status);
        assertThat(ExceptionClassifier.classify(failure)).isEqualTo(kind);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "SELECT 'HTTP request failed by code: 403,'",
                "HTTP request failed by code: 999,",
                "HTTP request failed by code: 4031,",
                "HTTP request failed by code: ",
            })
    void findsNoneInOtherMessages(@Nullable String message) {
        assertThat(CauseChain.of(new DatabricksHttpException(message)).httpStatus())
                .isZero();
    }

    @Test
    void findsNoneInOtherExceptions() {
        assertThat(CauseChain.of(new SQLException("HTTP request failed by code: 403, status line"))
                        .httpStatus())
                .isZero();
    }

    /** With getters that cannot be called. */
    public static final class HiddenGetterDatabricksHttpException extends DatabricksHttpException {
        private static final long serialVersionUID = 1L;

        HiddenGetterDatabricksHttpException() {
            super("HTTP request failed by code: 503, status line");
        }

        int getStatusCode() {
            return 404;
        }
    }

    public static final class StaticGetterDatabricksHttpException extends DatabricksHttpException {
        private static final long serialVersionUID = 1L;

        StaticGetterDatabricksHttpException() {
            super("HTTP request failed by code: 503, status line");
        }

        public static int getStatusCode() {
            return 404;
        }
    }

    @Test
    void readsTheMessageWhereTheGetterIsHiddenOrStatic() {
        assertThat(CauseChain.of(new HiddenGetterDatabricksHttpException()).httpStatus())
                .isEqualTo(503);
        assertThat(CauseChain.of(new StaticGetterDatabricksHttpException()).httpStatus())
                .isEqualTo(503);
    }

    @Test
    void takesNoMadeUpStatusForAnAnswer() {
        Throwable failure =
                new SQLException(new DatabricksHttpException("HTTP request failed by code: 523, no answer"));

        assertThat(CauseChain.of(failure).httpStatus()).isZero();
    }
}
