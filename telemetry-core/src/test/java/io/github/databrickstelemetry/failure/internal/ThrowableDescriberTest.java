package io.github.databrickstelemetry.failure.internal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.internal.sdk.core.DatabricksError;
import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThrowableDescriberTest {

    private static final String SQL = "SELECT ssn FROM people WHERE name = 'Ann'";

    @Test
    void tellsClassSqlStateVendorCodeAndHttpStatusByDefault() {
        SQLException failure = new SQLException(SQL, "42P01", 77, new DatabricksError("CODE", SQL, 400));
        assertThat(new ThrowableDescriber(ErrorDetail.NAME).describe(failure))
                .isEqualTo(new ErrorDetails(ErrorKind.TERMINAL, "java.sql.SQLException", "42P01", 77, 400, null, null));
    }

    @Test
    void findsTheSqlFailureInsideAnother() {
        ErrorDetails details = new ThrowableDescriber(ErrorDetail.NAME)
                .describe(new IllegalStateException(SQL, new SQLException(SQL, "08001", 5)));
        assertThat(details)
                .isEqualTo(new ErrorDetails(
                        ErrorKind.RETRYABLE, "java.lang.IllegalStateException", "08001", 5, 0, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42P0",
                "SELECT ssn FROM people",
                "dapi0123456789abcdef0123456789abcdef",
                "123456",
                "SSN_123",
                "4211 ",
                "\u0000\u0000\u0000\u0000\u0000",
                "A_NAME_THAT_IS_LONGER_THAN_ANY_NAME_OF_AN_ERROR_THAT_A_DRIVER_WOULD_HAVE"
            })
    void leavesOutASqlStateThatLooksLikeSomethingElse(String state) {
        assertThat(new ThrowableDescriber(ErrorDetail.MESSAGE)
                        .describe(new SQLException("x", state))
                        .sqlState())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "HY000", "00000", "EXECUTE_STATEMENT_FAILED", "AUTH_ERROR"})
    void keepsASqlStateOrTheDriversNameForIt(String state) {
        assertThat(new ThrowableDescriber(ErrorDetail.NAME)
                        .describe(new SQLException("x", state))
                        .sqlState())
                .isEqualTo(state);
    }

    @Test
    void tellsFramesOfTheWholeChainWithoutAnyMessage() {
        SQLException failure = new SQLException(SQL, new IllegalArgumentException(SQL));
        ErrorDetails details = new ThrowableDescriber(ErrorDetail.FRAMES).describe(failure);
        assertThat(details.message()).isNull();
        assertThat(details.stackFrames())
                .startsWith("java.sql.SQLException\n\tat " + getClass().getName()
                        + ".tellsFramesOfTheWholeChainWithoutAnyMessage(ThrowableDescriberTest.java:")
                .contains("Caused by: java.lang.IllegalArgumentException\n\tat ")
                .doesNotContain("SELECT", "Ann");
    }

    @Test
    void tellsTheRedactedMessageOnlyWhenAskedTo() {
        ErrorDetails details = new ThrowableDescriber(ErrorDetail.MESSAGE)
                .describe(new SQLException("cannot open jdbc:databricks://h;PWD=dapi1234;x=y"));
        assertThat(details.message()).isEqualTo("cannot open jdbc:databricks://h;PWD=***;x=y");
        assertThat(details.stackFrames()).isNotNull();
    }

    @Test
    void capsWhatItTells() {
        Exception failure = new Exception("word ".repeat(1_000_000));
        StackTraceElement frame = new StackTraceElement("a.B", "c", "B.java", 1);
        StackTraceElement[] frames = new StackTraceElement[100_000];
        Arrays.fill(frames, frame);
        failure.setStackTrace(frames);
        Throwable nested = failure;
        for (int i = 0; i < 100; i++) {
            nested = new Exception(nested);
            nested.setStackTrace(frames);
        }
        ErrorDetails inner = new ThrowableDescriber(ErrorDetail.MESSAGE).describe(failure);
        assertThat(inner.message()).hasSizeLessThanOrEqualTo(2_048);
        assertThat(inner.stackFrames()).hasLineCount(31);
        assertThat(new ThrowableDescriber(ErrorDetail.FRAMES).describe(nested).stackFrames())
                .hasSizeLessThanOrEqualTo(4_096);
    }

    /** Application threads pay for what is read. */
    @Test
    void readsNoFramesBeyondTheCap() {
        StackTraceElement[] frames = new StackTraceElement[30];
        Arrays.fill(frames, new StackTraceElement("a.B", "c".repeat(190), "B.java", 1));
        AtomicInteger read = new AtomicInteger();
        Throwable nested = null;
        for (int i = 0; i < 10; i++) {
            nested = new Exception(nested) {
                @Override
                public StackTraceElement[] getStackTrace() {
                    read.incrementAndGet();
                    return frames;
                }
            };
        }
        assertThat(new ThrowableDescriber(ErrorDetail.FRAMES)
                        .describe(requireNonNull(nested))
                        .stackFrames())
                .hasSize(4_096);
        assertThat(read).hasValue(1);
    }

    @Test
    void readsAStatusOnce() {
        CountedStatus failure = new CountedStatus();
        assertThat(new ThrowableDescriber(ErrorDetail.NAME)
                        .describe(new SQLException(failure))
                        .httpStatus())
                .isEqualTo(503);
        assertThat(failure.read).hasValue(1);
    }

    public static final class CountedStatus extends RuntimeException {
        private final transient AtomicInteger read = new AtomicInteger();

        public int getStatusCode() {
            read.incrementAndGet();
            return 503;
        }
    }

    @Test
    void leavesOutForgedFrames() {
        Exception failure = new Exception();
        failure.setStackTrace(new StackTraceElement[] {
            new StackTraceElement(SQL, SQL, SQL, 1),
            new StackTraceElement("a.B", "lambda$c$0", null, -2),
            new StackTraceElement("a.B", "<init>", "B.java", -1),
            new StackTraceElement("x".repeat(10_000), "m", "C:\\Users\\ann\\x.py", 3),
            new StackTraceElement("a.B$$Lambda/0x0000000800c03000", "m", "/home/ann/x.py", 4)
        });
        assertThat(new ThrowableDescriber(ErrorDetail.FRAMES).describe(failure).stackFrames())
                .isEqualTo("""
                        java.lang.Exception
                        \tat ?.?(?:1)
                        \tat a.B.lambda$c$0
                        \tat a.B.<init>(B.java)
                        \tat ?.m(?:3)
                        \tat a.B$$Lambda/0x0000000800c03000.m(?:4)
                        """);
    }

    @ParameterizedTest
    @EnumSource(ErrorDetail.class)
    void survivesAnExceptionThatThrowsFromEverything(ErrorDetail level) {
        ErrorDetails details = new ThrowableDescriber(level).describe(new ExceptionClassifierTest.HostileException());
        assertThat(details.exceptionClass()).endsWith("HostileException");
        assertThat(details.sqlState()).isNull();
        assertThat(details.message()).isNull();
    }

    @ParameterizedTest
    @EnumSource(ErrorDetail.class)
    @SuppressWarnings("NullAway")
    void survivesNull(ErrorDetail level) {
        assertThat(new ThrowableDescriber(level).describe(null).exceptionClass())
                .isEqualTo("unknown");
    }

    @Test
    void survivesFramesThatAreNull() {
        Exception failure = new Exception() {
            @Override
            public StackTraceElement[] getStackTrace() {
                return new StackTraceElement[3];
            }
        };
        assertThat(new ThrowableDescriber(ErrorDetail.FRAMES).describe(failure).stackFrames())
                .isEqualTo(failure.getClass().getName() + "\n");
    }
}
