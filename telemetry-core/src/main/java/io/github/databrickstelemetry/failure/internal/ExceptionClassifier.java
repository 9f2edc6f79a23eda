package io.github.databrickstelemetry.failure.internal;

import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Classifies failures by what a retry could do about them: {@link ErrorKind#TERMINAL}, {@link ErrorKind#RETRYABLE}, or neither.
 * Stateless, thread-safe; never throws, whatever the exception's own methods do.
 *
 * <p>An HTTP status anywhere in the chain of causes decides. Otherwise a network failure does, innermost cause first
 * because drivers wrap, and then a SQL failure, outermost first.
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

    /** Whether no retry can cure this HTTP status: 400, 401, 403, 404 and all of their class but 408 and 429. */
    public static boolean isTerminal(int httpStatus) {
        return classify(httpStatus) == ErrorKind.TERMINAL;
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

    static ErrorKind classify(List<Throwable> chain) {
        ErrorKind kind = classify(HttpStatusReader.read(chain));
        for (int i = chain.size() - 1; i >= 0 && kind == ErrorKind.OTHER; i--) {
            if (isUnknownHost(chain.get(i))) {
                // A name may become known later, but not within a second.
                return ErrorKind.OTHER;
            }
            kind = classifyNetwork(chain.get(i));
        }
        for (int i = 0; i < chain.size() && kind == ErrorKind.OTHER; i++) {
            kind = SqlFailures.classify(chain.get(i));
        }
        return kind;
    }

    private static boolean isUnknownHost(Throwable failure) {
        return failure instanceof UnknownHostException || failure instanceof UnresolvedAddressException;
    }

    private static ErrorKind classifyNetwork(Throwable failure) {
        if (isTrustFailure(failure) || hasName(failure, "AuthenticationException", "AuthenticationError")) {
            return ErrorKind.TERMINAL;
        }
        if (failure instanceof ConnectException
                || failure instanceof SocketException
                || failure instanceof SocketTimeoutException
                || failure instanceof HttpTimeoutException
                || failure instanceof TimeoutException
                || failure instanceof ClosedChannelException
                || failure instanceof EOFException) {
            return ErrorKind.RETRYABLE;
        }
        boolean broken = failure instanceof InterruptedIOException
                // The HTTP client inside the driver has types of its own.
                ? hasName(failure, "TimeoutException")
                : failure instanceof IOException && (hasName(failure, "NoHttpResponseException") || saysReset(failure));
        return broken ? ErrorKind.RETRYABLE : ErrorKind.OTHER;
    }

    /** A handshake that ended with a reset does not get here, because the innermost cause comes first. */
    private static boolean isTrustFailure(Throwable failure) {
        return failure instanceof SSLException || failure instanceof CertificateException;
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
}
