package io.github.databrickstelemetry.failure.internal;

import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Classifies failures by what a retry could do about them: {@link ErrorKind#TERMINAL}, {@link ErrorKind#RETRYABLE}, or neither.
 * Stateless, thread-safe; never throws, whatever the exception's own methods do.
 *
 * <p>An HTTP status anywhere in the chain of causes decides. Otherwise a network failure does, innermost cause first
 * because drivers wrap, and then a SQL failure, outermost first: by its SQLState, which is more exact, then by its type.
 */
public final class ExceptionClassifier {

    private ExceptionClassifier() {}

    /** Whether no retry can cure the failure. Null is not. */
    public static boolean isTerminal(@Nullable Throwable failure) {
        return classify(failure) == ErrorKind.TERMINAL;
    }

    /** Whether a retry may cure the failure. Null is not. */
    public static boolean isRetryable(@Nullable Throwable failure) {
        return classify(failure) == ErrorKind.RETRYABLE;
    }

    /** Whether a retry may cure this HTTP status: 408, 429, 500, 502, 503, 504. */
    public static boolean isRetryable(int httpStatus) {
        return classify(httpStatus) == ErrorKind.RETRYABLE;
    }

    /** What a retry could do about this HTTP status; any number may be given. */
    public static ErrorKind classify(int httpStatus) {
        return switch (httpStatus) {
            case 408, 429, 500, 502, 503, 504 -> ErrorKind.RETRYABLE;
            default -> httpStatus >= 400 && httpStatus <= 499 ? ErrorKind.TERMINAL : ErrorKind.OTHER;
        };
    }

    /** What a retry could do about this failure; null is neither. */
    public static ErrorKind classify(@Nullable Throwable failure) {
        return failure == null ? ErrorKind.OTHER : classify(CauseChain.of(failure));
    }

    static ErrorKind classify(CauseChain chain) {
        List<Throwable> links = chain.links();
        ErrorKind kind = classify(chain.httpStatus());
        for (int i = links.size() - 1; i >= 0 && kind == ErrorKind.OTHER; i--) {
            if (isUnknownHost(links.get(i))) {
                // A name may become known later, but not within a second.
                return ErrorKind.OTHER;
            }
            kind = classifyNetwork(links.get(i));
        }
        for (int i = 0; i < links.size() && kind == ErrorKind.OTHER; i++) {
            kind = classifySql(links.get(i));
        }
        return kind;
    }

    private static boolean isUnknownHost(Throwable failure) {
        return failure instanceof UnknownHostException || failure instanceof UnresolvedAddressException;
    }

    private static ErrorKind classifyNetwork(Throwable failure) {
        // A handshake that a reset ended is retryable: the reset is its innermost cause, which is classified first.
        if (failure instanceof SSLException
                || failure instanceof CertificateException
                || hasName(failure, "AuthenticationException", "AuthenticationError")) {
            return ErrorKind.TERMINAL;
        }
        boolean broken = failure instanceof SocketException
                || failure instanceof SocketTimeoutException
                || failure instanceof HttpTimeoutException
                || failure instanceof TimeoutException
                || failure instanceof ClosedChannelException
                || failure instanceof EOFException
                || (failure instanceof IOException
                        // The HTTP client inside the driver has types of its own.
                        && (hasName(failure, "TimeoutException", "NoHttpResponseException") || saysReset(failure)));
        return broken ? ErrorKind.RETRYABLE : ErrorKind.OTHER;
    }

    private static boolean hasName(Throwable failure, String... ends) {
        String name = failure.getClass().getName();
        for (String end : ends) {
            if (name.endsWith(end)) {
                return true;
            }
        }
        return false;
    }

    /** The JDK reports some resets as a bare IOException. */
    private static boolean saysReset(Throwable failure) {
        String message = CauseChain.message(failure);
        return message != null
                && message.length() < 100
                && (message.contains("onnection reset") || message.contains("Broken pipe"));
    }

    private static ErrorKind classifySql(Throwable failure) {
        String state = CauseChain.sqlState(failure);
        ErrorKind kind = state == null ? ErrorKind.OTHER : classifyState(state);
        if (kind != ErrorKind.OTHER) {
            return kind;
        }
        // SQLTimeoutException is transient; syntax, authorisation, data and constraints are non-transient.
        if (failure instanceof SQLTransientException || failure instanceof SQLRecoverableException) {
            return ErrorKind.RETRYABLE;
        }
        return failure instanceof SQLNonTransientException ? ErrorKind.TERMINAL : ErrorKind.OTHER;
    }

    private static ErrorKind classifyState(String state) {
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
            default -> classifyStateClass(state.substring(0, 2));
        };
    }

    /** The first two characters of a SQLState are its class (ISO 9075, and Databricks' own list). */
    private static ErrorKind classifyStateClass(String stateClass) {
        return switch (stateClass) {
            // Connection, rolled back, resources, operator.
            case "08", "40", "53", "57" -> ErrorKind.RETRYABLE;
            // Feature, cardinality, data, constraint, authorisation, catalog, schema, syntax or access, limits.
            case "0A", "07", "21", "22", "23", "28", "3D", "3F", "42", "44", "54" -> ErrorKind.TERMINAL;
            default -> ErrorKind.OTHER;
        };
    }
}
