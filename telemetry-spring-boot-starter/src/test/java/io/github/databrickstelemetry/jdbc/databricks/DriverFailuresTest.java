package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.failure.internal.ThrowableDescriber;
import io.github.databrickstelemetry.standin.Answer;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is reported of failures as the real driver throws them. */
class DriverFailuresTest {

    private static final String SECRET_WORDS = "customer_table_4711";

    private final ThrowableDescriber describer = new ThrowableDescriber(ErrorDetail.FRAMES);
    private WorkspaceStandIn workspace;

    @BeforeEach
    void start() throws Exception {
        workspace = WorkspaceStandIn.start();
    }

    @AfterEach
    void stop() {
        workspace.close();
    }

    @ParameterizedTest
    @CsvSource({
        "SEA, 400, TERMINAL",
        "SEA, 401, TERMINAL",
        "SEA, 403, TERMINAL",
        "SEA, 404, TERMINAL",
        "SEA, 408, RETRYABLE",
        "SEA, 500, RETRYABLE",
        "SEA, 502, RETRYABLE",
        "SEA, 504, RETRYABLE",
        "THRIFT, 400, TERMINAL",
        "THRIFT, 401, TERMINAL",
        "THRIFT, 403, TERMINAL",
        "THRIFT, 404, TERMINAL",
        "THRIFT, 408, RETRYABLE",
        "THRIFT, 429, RETRYABLE",
        "THRIFT, 500, RETRYABLE",
        "THRIFT, 502, RETRYABLE",
        "THRIFT, 503, RETRYABLE",
        "THRIFT, 504, RETRYABLE",
        "CLUSTER, 403, TERMINAL",
    })
    void knowsTheStatusOfARefusedStatement(Mode mode, int status, ErrorKind kind) throws Exception {
        ErrorDetails details = failure(mode, new Answer.Refused(status, "CODE", SECRET_WORDS));

        assertThat(details.httpStatus()).isEqualTo(status);
        assertThat(details.kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "SEA, 42P01, TERMINAL",
        "SEA, 22012, TERMINAL",
        "SEA, 40001, RETRYABLE",
        "SEA, XX000, OTHER",
        "THRIFT, 42P01, TERMINAL",
        "THRIFT, 22012, TERMINAL",
        "THRIFT, 40001, RETRYABLE",
        "THRIFT, XX000, OTHER",
    })
    void knowsTheStateOfAFailedStatement(Mode mode, String state, ErrorKind kind) throws Exception {
        ErrorDetails details = failure(mode, new Answer.Failed(state, "BAD_REQUEST", SECRET_WORDS));

        assertThat(details.sqlState()).isEqualTo(state);
        assertThat(details.httpStatus()).isZero();
        assertThat(details.kind()).isEqualTo(kind);
        assertThat(details.exceptionClass()).isEqualTo("com.databricks.jdbc.exception.DatabricksSQLException");
    }

    @ParameterizedTest
    @EnumSource
    void takesATimeoutForSomethingThatARetryMayCure(Mode mode) throws Exception {
        ErrorDetails details = failure(mode, Answer.never());

        assertThat(details.kind()).isEqualTo(ErrorKind.RETRYABLE);
        assertThat(details.exceptionClass()).endsWith("DatabricksTimeoutException");
    }

    /** Over Thrift only: the SDK, which speaks the other protocol, first tries for eight seconds. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"THRIFT", "CLUSTER"})
    void takesALostServerForSomethingThatARetryMayCure(Mode mode) throws Exception {
        try (Connection connection = DriverManager.getConnection(mode.url(workspace))) {
            try (Statement statement = connection.createStatement()) {
                workspace.close();
                ErrorDetails details = described(catchThrowable(() -> statement.executeQuery("SELECT 1")));

                assertThat(details.kind()).isEqualTo(ErrorKind.RETRYABLE);
                assertThat(details.httpStatus()).isZero();
            }
        } catch (SQLException closing) {
            assertThat(described(closing).kind()).isEqualTo(ErrorKind.RETRYABLE);
        }
    }

    private ErrorDetails failure(Mode mode, Answer answer) throws SQLException {
        String sql = "SELECT * FROM " + SECRET_WORDS;
        workspace.answer(sql, answer);
        try (Connection connection = DriverManager.getConnection(mode.url(workspace));
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            return described(catchThrowable(() -> statement.executeQuery(sql)));
        }
    }

    private ErrorDetails described(@Nullable Throwable failure) {
        ErrorDetails details = describer.describe(Objects.requireNonNull(failure));
        assertThat(details.toString()).doesNotContain(SECRET_WORDS);
        return details;
    }
}
