package io.github.databrickstelemetry.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.databricks.internal.sdk.core.DatabricksError;
import com.databricks.jdbc.exception.DatabricksHttpException;
import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.failure.internal.ExceptionClassifier;
import io.github.databrickstelemetry.failure.internal.ThrowableDescriber;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Chains of failures of every kind, with causes that lead anywhere, also back. */
class FailureFuzzTest {

    private static final String SECRET = "Zq7secret";

    static Stream<Arguments> seeds() {
        return Stream.of(
                Arguments.of(List.of(), "", "", 0),
                Arguments.of(List.of(10), "", "", 0),
                Arguments.of(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "Connection reset", "08001", 503),
                Arguments.of(List.of(9, 9, 9, 9), "HTTP request failed by code: 403, x", "42P01", -1),
                Arguments.of(List.of(107, 209, 311, -1), "Broken pipe", "AUTH_ERROR", 599),
                Arguments.of(List.of(10, 4, 11, 2), "onnection reset", "HYT00", 523),
                Arguments.of(
                        List.of(Integer.MIN_VALUE, Integer.MAX_VALUE), "\ud83d", "\u0000\u0000\u0000\u0000\u0000", 1));
    }

    /**
     * The assertions.
     *
     * @param links what each failure of the chain is, and where a cause that can lead back leads
     */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void everyChainHasOneKindAndTellsNoMore(
            @NotNull List<@NotNull Integer> links, @NotNull String words, @NotNull String state, int number) {
        // The fuzzer learns the secret from the comparisons below, and then writes it where nothing names it as one.
        String harmless = words.replace(SECRET, "-");
        String message = harmless + "\npassword=" + SECRET + "\n" + harmless;
        Throwable failure = chain(links, message, state.replace(SECRET, "-"), number);

        ErrorKind kind = ExceptionClassifier.classify(failure);
        assertThat(kind).isNotNull().isEqualTo(ExceptionClassifier.classify(failure));
        assertThat(ExceptionClassifier.isTerminal(failure)).isEqualTo(kind == ErrorKind.TERMINAL);
        assertThat(ExceptionClassifier.isRetryable(failure)).isEqualTo(kind == ErrorKind.RETRYABLE);
        assertThat(ExceptionClassifier.isRetryable(number))
                .isEqualTo(ExceptionClassifier.classify(number) == ErrorKind.RETRYABLE);
        for (ErrorDetail level : ErrorDetail.values()) {
            check(new ThrowableDescriber(level).describe(failure), kind, level);
        }
    }

    private static void check(ErrorDetails details, ErrorKind kind, ErrorDetail level) {
        assertThat(details.kind()).isEqualTo(kind);
        assertThat(details.toString()).doesNotContain(SECRET);
        assertThat(details.exceptionClass()).hasSizeLessThanOrEqualTo(200);
        if (details.sqlState() != null) {
            assertThat(details.sqlState()).matches("[A-Z0-9]{5}|[A-Z_]{5,64}");
        }
        if (details.message() != null) {
            assertThat(level).isEqualTo(ErrorDetail.MESSAGE);
            assertThat(details.message()).hasSizeLessThanOrEqualTo(2_048);
        }
        if (details.stackFrames() != null) {
            assertThat(level).isNotEqualTo(ErrorDetail.NAME);
            assertThat(details.stackFrames()).hasSizeLessThanOrEqualTo(4_096);
        }
    }

    private static Throwable chain(List<Integer> links, String message, String state, int number) {
        List<Throwable> made = new ArrayList<>();
        List<Wandering> wandering = new ArrayList<>();
        List<Hostile> hostile = new ArrayList<>();
        Throwable last = new Exception(message);
        made.add(last);
        // Longer chains say nothing new.
        for (int link : links.subList(0, Math.min(links.size(), 40))) {
            Throwable next = link(link, message, state, number, last);
            if (next instanceof Wandering wanderer) {
                wandering.add(wanderer);
            } else if (next instanceof Hostile enemy) {
                hostile.add(enemy);
            }
            made.add(next);
            last = next;
        }
        for (Wandering each : wandering) {
            each.leadTo(made.get(Math.floorMod(each.destination, made.size())));
        }
        // Only now: the driver's constructors read the messages and causes of what is below them.
        hostile.forEach(Hostile::attack);
        return last;
    }

    private static Throwable link(int link, String message, String state, int number, Throwable cause) {
        return switch (Math.floorMod(link, 12)) {
            case 0 -> new ConnectException(message).initCause(cause);
            case 1 -> new UnknownHostException(message).initCause(cause);
            case 2 -> new IOException(message, cause);
            case 3 -> new SSLHandshakeException(message).initCause(cause);
            case 4 -> new SQLException(message, state, number, cause);
            case 5 -> new SQLSyntaxErrorException(message, state, number, cause);
            case 6 -> new SQLRecoverableException(message, state, number, cause);
            case 7 -> new DatabricksError(state, message, number);
            case 8 -> new DatabricksHttpException(message, cause, state);
            case 9 -> new Wandering(message, link / 12);
            case 10 -> new Hostile(number);
            default -> new IllegalStateException(message, cause);
        };
    }

    /** Its cause may be any failure of the chain, itself included. */
    private static final class Wandering extends RuntimeException {

        private final int destination;
        private @Nullable Throwable cause;

        Wandering(String message, int destination) {
            super(message);
            this.destination = destination;
        }

        void leadTo(Throwable failure) {
            cause = failure;
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            return cause;
        }
    }

    /** Once it is told to attack, its methods throw, each for other numbers, and its causes have no end. */
    public static final class Hostile extends RuntimeException {

        private final int number;
        private boolean attacks;

        Hostile(int number) {
            this.number = number;
        }

        Hostile attack() {
            attacks = true;
            return this;
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            throwIf(1);
            return attacks ? new Hostile(number).attack() : null;
        }

        @Override
        public String getMessage() {
            throwIf(2);
            return "token=" + SECRET;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throwIf(4);
            return new StackTraceElement[] {
                new StackTraceElement("password=" + SECRET, "a b", "/home/" + SECRET, number)
            };
        }

        public int getStatusCode() {
            throwIf(8);
            return number;
        }

        private void throwIf(int bit) {
            if (attacks && (number & bit) != 0) {
                throw new StackOverflowError();
            }
        }
    }
}
