package io.github.databrickstelemetry.failure.internal;

import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/**
 * What a retry could do about a {@link SQLException}: by its SQLState, which is more exact, then by its type. Stateless,
 * thread-safe.
 */
final class SqlFailures {

    private static final int STATE_LENGTH = 5;
    private static final int MAX_STATE = 64;

    private SqlFailures() {}

    static ErrorKind classify(Throwable failure) {
        if (!(failure instanceof SQLException sql)) {
            return ErrorKind.OTHER;
        }
        ErrorKind kind = classifyState(plausibleState(CauseChain.sqlState(sql)));
        return kind == ErrorKind.OTHER ? classifyType(sql) : kind;
    }

    /**
     * The SQLState if it looks like one (five digits and capitals) or like a driver's error name (capitals and
     * underscores), else null, because a driver may put anything there.
     */
    static @Nullable String plausibleState(@Nullable String state) {
        if (state == null || state.length() < STATE_LENGTH || state.length() > MAX_STATE) {
            return null;
        }
        for (int i = 0; i < state.length(); i++) {
            char c = state.charAt(i);
            boolean capital = c >= 'A' && c <= 'Z';
            boolean digit = c >= '0' && c <= '9';
            if (!capital && !(state.length() == STATE_LENGTH ? digit : c == '_')) {
                return null;
            }
        }
        return state;
    }

    /** SQLTimeoutException is a SQLTransientException; syntax, authorisation, data and constraints are non-transient. */
    private static ErrorKind classifyType(SQLException failure) {
        if (failure instanceof SQLTransientException || failure instanceof SQLRecoverableException) {
            return ErrorKind.RETRYABLE;
        }
        return failure instanceof SQLNonTransientException ? ErrorKind.TERMINAL : ErrorKind.OTHER;
    }

    private static ErrorKind classifyState(@Nullable String state) {
        if (state == null) {
            return ErrorKind.OTHER;
        }
        return switch (state) {
            // The server said no, a person cancelled: neither.
            case "08004", "57014", "HY008" -> ErrorKind.OTHER;
            case "HYT00", "HYT01" -> ErrorKind.RETRYABLE;
            // Names that the Databricks driver puts where the SQLState belongs.
            case "CONNECTION_ERROR",
                    "CHUNK_DOWNLOAD_ERROR",
                    "STATEMENT_EXECUTION_TIMEOUT",
                    "OPERATION_TIMEOUT_ERROR",
                    "RATE_LIMIT_EXCEEDED" -> ErrorKind.RETRYABLE;
            case "AUTH_ERROR",
                    "SSL_HANDSHAKE_ERROR",
                    "INPUT_VALIDATION_ERROR",
                    "UNSUPPORTED_OPERATION",
                    "NOT_IMPLEMENTED_OPERATION" -> ErrorKind.TERMINAL;
            default -> state.length() == STATE_LENGTH ? classifyClass(state.substring(0, 2)) : ErrorKind.OTHER;
        };
    }

    /** The first two characters of a SQLState are its class (ISO 9075, and Databricks' own list). */
    private static ErrorKind classifyClass(String sqlStateClass) {
        return switch (sqlStateClass) {
            // Connection, rolled back, resources, operator.
            case "08", "40", "53", "57" -> ErrorKind.RETRYABLE;
            // Feature, cardinality, data, constraint, authorisation, catalog, schema, syntax or access, limits.
            case "0A", "07", "21", "22", "23", "28", "3D", "3F", "42", "44", "54" -> ErrorKind.TERMINAL;
            default -> ErrorKind.OTHER;
        };
    }
}
