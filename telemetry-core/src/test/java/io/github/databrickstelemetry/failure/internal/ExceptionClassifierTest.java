package io.github.databrickstelemetry.failure.internal;

import static io.github.databrickstelemetry.event.ErrorDetails.ErrorKind.OTHER;
import static io.github.databrickstelemetry.event.ErrorDetails.ErrorKind.RETRYABLE;
import static io.github.databrickstelemetry.event.ErrorDetails.ErrorKind.TERMINAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.databricks.internal.sdk.core.DatabricksError;
import com.databricks.jdbc.exception.DatabricksHttpException;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.sql.BatchUpdateException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

class ExceptionClassifierTest {

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 409, 410, 413, 418, 422, 499})
    void callsClientErrorsTerminal(int status) {
        assertThat(ExceptionClassifier.classify(status)).isEqualTo(TERMINAL);
        assertThat(ExceptionClassifier.isRetryable(status)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void callsOverloadAndServerErrorsRetryable(int status) {
        assertThat(ExceptionClassifier.classify(status)).isEqualTo(RETRYABLE);
        assertThat(ExceptionClassifier.isRetryable(status)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 100, 200, 204, 301, 307, 399, 501, 505, 599, 600, Integer.MAX_VALUE})
    void callsEveryOtherStatusNeither(int status) {
        assertThat(ExceptionClassifier.classify(status)).isEqualTo(OTHER);
    }

    static Stream<Arguments> networkFailures() {
        return Stream.of(
                Arguments.of(RETRYABLE, new ConnectException("Connection refused")),
                Arguments.of(RETRYABLE, new SocketException("Connection reset")),
                Arguments.of(RETRYABLE, new IOException("Connection reset by peer")),
                Arguments.of(RETRYABLE, new IOException("Broken pipe")),
                Arguments.of(RETRYABLE, new SocketTimeoutException("Read timed out")),
                Arguments.of(RETRYABLE, new SocketTimeoutException("Read timed out") {}),
                Arguments.of(RETRYABLE, new HttpConnectTimeoutException("HTTP connect timed out")),
                Arguments.of(RETRYABLE, new HttpTimeoutException("request timed out") {}),
                Arguments.of(RETRYABLE, new TimeoutException()),
                Arguments.of(RETRYABLE, new ConnectTimeoutException()),
                Arguments.of(RETRYABLE, new NoHttpResponseException()),
                Arguments.of(RETRYABLE, new ClosedChannelException()),
                Arguments.of(RETRYABLE, new EOFException()),
                Arguments.of(RETRYABLE, new UncheckedIOException(new ConnectException())),
                Arguments.of(RETRYABLE, new ResourceAccessException("I/O error", new SocketTimeoutException())),
                Arguments.of(RETRYABLE, new SSLException("reset", new SocketException("Connection reset"))),
                Arguments.of(RETRYABLE, new SQLException("x", "08001", new ConnectException())),
                Arguments.of(RETRYABLE, new SQLNonTransientConnectionException("x", "08001", new ConnectException())),
                Arguments.of(TERMINAL, new SSLHandshakeException("no common cipher")),
                Arguments.of(TERMINAL, new SSLException("Unsupported or unrecognized SSL message")),
                Arguments.of(TERMINAL, new ResourceAccessException("I/O error", new SSLHandshakeException("PKIX"))),
                Arguments.of(TERMINAL, new SQLException("x", "08001", new CertificateException())),
                Arguments.of(TERMINAL, new RuntimeException(new AuthenticationError())),
                Arguments.of(OTHER, new UnknownHostException("h")),
                Arguments.of(OTHER, new ResourceAccessException("I/O error", new UnknownHostException("h"))),
                Arguments.of(OTHER, new ConnectException().initCause(new UnresolvedAddressException())),
                Arguments.of(OTHER, new SQLException("x", "08001", new UnknownHostException("h"))),
                Arguments.of(OTHER, new InterruptedIOException()),
                Arguments.of(OTHER, new IOException("disk full")),
                Arguments.of(OTHER, new IOException()),
                Arguments.of(OTHER, new RestClientException("no converter")));
    }

    @ParameterizedTest
    @MethodSource
    void networkFailures(ErrorKind kind, Throwable failure) {
        assertThat(ExceptionClassifier.classify(failure)).isEqualTo(kind);
        assertThat(ExceptionClassifier.isRetryable(failure)).isEqualTo(kind == RETRYABLE);
        assertThat(ExceptionClassifier.isTerminal(failure)).isEqualTo(kind == TERMINAL);
    }

    static Stream<Arguments> sqlFailures() {
        return Stream.of(
                Arguments.of(RETRYABLE, new SQLTimeoutException()),
                Arguments.of(RETRYABLE, new SQLTransientConnectionException()),
                Arguments.of(RETRYABLE, new SQLTransactionRollbackException()),
                Arguments.of(RETRYABLE, new SQLRecoverableException()),
                Arguments.of(TERMINAL, new SQLInvalidAuthorizationSpecException()),
                Arguments.of(TERMINAL, new SQLSyntaxErrorException()),
                Arguments.of(TERMINAL, new SQLDataException()),
                Arguments.of(TERMINAL, new SQLIntegrityConstraintViolationException()),
                Arguments.of(TERMINAL, new SQLFeatureNotSupportedException()),
                Arguments.of(TERMINAL, new BatchUpdateException("x", "23505", new int[0])),
                Arguments.of(TERMINAL, new RuntimeException(new SQLException("x", "42P01"))),
                Arguments.of(OTHER, new SQLException()),
                Arguments.of(OTHER, new SQLException("x", (String) null)),
                Arguments.of(OTHER, new SQLException("x", "EXECUTE_STATEMENT_FAILED")));
    }

    @ParameterizedTest
    @MethodSource
    void sqlFailures(ErrorKind kind, Throwable failure) {
        assertThat(ExceptionClassifier.classify(failure)).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "08001, RETRYABLE",
        "08S01, RETRYABLE",
        "08004, OTHER",
        "40001, RETRYABLE",
        "53000, RETRYABLE",
        "57P01, RETRYABLE",
        "57014, OTHER",
        "HYT00, RETRYABLE",
        "HYT01, RETRYABLE",
        "HY008, OTHER",
        "0A000, TERMINAL",
        "07001, TERMINAL",
        "21000, TERMINAL",
        "22003, TERMINAL",
        "23505, TERMINAL",
        "28000, TERMINAL",
        "3D000, TERMINAL",
        "3F000, TERMINAL",
        "42P01, TERMINAL",
        "42K09, TERMINAL",
        "44000, TERMINAL",
        "54000, TERMINAL",
        "XX000, OTHER",
        "00000, OTHER",
        "42, OTHER",
        "42p01, OTHER",
        "'', OTHER",
        "AUTH_ERROR, TERMINAL",
        "RATE_LIMIT_EXCEEDED, RETRYABLE",
        "CONNECTION_ERROR, RETRYABLE"
    })
    void judgesBySqlState(String state, ErrorKind kind) {
        assertThat(ExceptionClassifier.classify(new SQLException("x", state))).isEqualTo(kind);
    }

    @Test
    void believesTheSqlStateMoreThanTheType() {
        assertThat(ExceptionClassifier.classify(new SQLTransientConnectionException("x", "28000")))
                .isEqualTo(TERMINAL);
    }

    @ParameterizedTest
    @CsvSource({"400, TERMINAL", "401, TERMINAL", "403, TERMINAL", "404, TERMINAL", "429, RETRYABLE", "503, RETRYABLE"})
    void readsTheStatusOffSpringsExceptionsAndOffTheDriversShadedSdk(int status, ErrorKind kind) {
        HttpStatus known = HttpStatus.valueOf(status);
        List<Throwable> carriers = List.of(
                known.is4xxClientError() ? new HttpClientErrorException(known) : new HttpServerErrorException(known),
                new RestClientResponseException("x", status, "x", HttpHeaders.EMPTY, null, null),
                new DatabricksError("CODE", "message", status),
                new SQLException("x", "08001", new RuntimeException(new DatabricksError("CODE", "message", status))),
                new DatabricksHttpException("x", new DatabricksError("CODE", "message", status), "STATE"));
        assertThat(carriers).allSatisfy(carrier -> {
            assertThat(ExceptionClassifier.classify(carrier)).isEqualTo(kind);
            assertThat(CauseChain.of(carrier).httpStatus()).isEqualTo(status);
        });
    }

    @Test
    void believesTheHttpStatusMoreThanTheWrapperAroundIt() {
        SQLException wrapper = new SQLTimeoutException("x", "HYT00", new DatabricksError("CODE", "message", 403));
        assertThat(ExceptionClassifier.classify(wrapper)).isEqualTo(TERMINAL);
    }

    @Test
    void looksFurtherWhereAStatusSaysNothing() {
        assertThat(ExceptionClassifier.classify(new SQLException("x", "42P01", new DatabricksError("C", "m", 200))))
                .isEqualTo(TERMINAL);
    }

    @Test
    void survivesGettersThatThrowOrReturnNonsense() {
        assertThat(ExceptionClassifier.classify(new BrokenStatus(-7))).isEqualTo(OTHER);
        assertThat(ExceptionClassifier.classify(new BrokenStatus(0))).isEqualTo(OTHER);
        assertThat(ExceptionClassifier.classify(new InheritedStatus(503))).isEqualTo(RETRYABLE);
        assertThat(ExceptionClassifier.classify(new OtherStatusType())).isEqualTo(OTHER);
        assertThat(ExceptionClassifier.classify(new HostileException())).isEqualTo(OTHER);
    }

    @Test
    void survivesNull() {
        assertThat(ExceptionClassifier.classify((Throwable) null)).isEqualTo(OTHER);
        assertThat(ExceptionClassifier.isTerminal(null)).isFalse();
        assertThat(ExceptionClassifier.isRetryable(null)).isFalse();
    }

    @Test
    void survivesACircleOfCauses() {
        Exception inner = new Exception("inner");
        Exception outer = new Exception("outer", inner);
        inner.initCause(outer);
        assertThat(ExceptionClassifier.classify(outer)).isEqualTo(OTHER);
        assertThat(CauseChain.of(outer).links()).containsExactly(outer, inner);
    }

    @Test
    void followsCausesToABound() {
        Throwable failure = new ConnectException();
        for (int i = 0; i < 15; i++) {
            failure = new Exception(failure);
        }
        assertThat(ExceptionClassifier.isRetryable(failure)).isTrue();
        assertThat(ExceptionClassifier.isRetryable(new Exception(failure))).isFalse();
        assertThat(CauseChain.of(new EndlessCauses()).links()).hasSize(16);
    }

    @Test
    void callsARefusedConnectionRetryable() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(ExceptionClassifier.isRetryable(request("http://127.0.0.1:" + port)))
                .isTrue();
    }

    @Test
    void callsAConnectionThatIsClosedWithoutAnAnswerRetryable() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread rude = new Thread(() -> closeEveryConnection(server));
            rude.setDaemon(true);
            rude.start();
            assertThat(ExceptionClassifier.isRetryable(request("http://127.0.0.1:" + server.getLocalPort())))
                    .isTrue();
        }
    }

    @Test
    void callsAHostThatNeverAnswersRetryable() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            assertThat(ExceptionClassifier.isRetryable(
                            request("http://127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(300))))
                    .isTrue();
        }
    }

    @Test
    void doesNotCallAnUnknownHostRetryable() {
        assertThat(ExceptionClassifier.classify(request("http://no-such-host.invalid")))
                .isEqualTo(OTHER);
    }

    @Test
    void callsAServerThatSpeaksNoTlsTerminal() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread plain = new Thread(() -> answerInPlainText(server));
            plain.setDaemon(true);
            plain.start();
            assertThat(ExceptionClassifier.classify(request("https://127.0.0.1:" + server.getLocalPort())))
                    .isEqualTo(TERMINAL);
        }
    }

    @Test
    void callsATimeoutOfTheJdkClientRetryable() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
                    .timeout(Duration.ofMillis(50))
                    .build();
            Throwable failure = catchThrowable(
                    () -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()));
            assertThat(ExceptionClassifier.isRetryable(failure)).isTrue();
        }
    }

    /** With a timeout that no busy machine reaches: a timeout is a failure of another kind. */
    private static Throwable request(String url) {
        return request(url, Duration.ofMinutes(1));
    }

    private static Throwable request(String url, Duration timeout) {
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory();
        factory.setReadTimeout(timeout);
        RestClient client = RestClient.builder().requestFactory(factory).build();
        Throwable failure =
                catchThrowable(() -> client.get().uri(url).retrieve().toBodilessEntity());
        assertThat(failure).isNotNull();
        return failure;
    }

    private static void closeEveryConnection(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                server.accept().close();
            } catch (IOException over) {
                return;
            }
        }
    }

    /**
     * Reads the whole greeting before it answers, and leaves it to the client to hang up: bytes that nobody had read
     * would reset the connection, and the reset would race the answer.
     */
    private static void answerInPlainText(ServerSocket server) {
        while (!server.isClosed()) {
            try (var socket = server.accept()) {
                byte[] header = socket.getInputStream().readNBytes(5);
                socket.getInputStream().readNBytes((header[3] & 0xff) << 8 | (header[4] & 0xff));
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                socket.getInputStream().readAllBytes();
            } catch (IOException over) {
                // The next one, or the end.
                Thread.onSpinWait();
            }
        }
    }

    /** Like the one of the HTTP client that is shaded into the driver. */
    static final class ConnectTimeoutException extends InterruptedIOException {}

    static final class NoHttpResponseException extends IOException {}

    static final class AuthenticationError extends Exception {}

    public static class BrokenStatus extends RuntimeException {
        private final int status;

        BrokenStatus(int status) {
            this.status = status;
        }

        public int getStatusCode() {
            if (status < 0) {
                throw new IllegalStateException("not ready");
            }
            return status;
        }
    }

    private static final class InheritedStatus extends BrokenStatus {
        InheritedStatus(int status) {
            super(status);
        }
    }

    public static final class OtherStatusType extends RuntimeException {
        public String getStatusCode() {
            return "503";
        }
    }

    public static final class EndlessCauses extends RuntimeException {
        @Override
        public synchronized Throwable getCause() {
            return new EndlessCauses();
        }
    }

    /** Throws from everything that can be overridden. */
    @SuppressWarnings("DoNotCallSuggester")
    public static final class HostileException extends SQLException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("message");
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            throw new IllegalStateException("cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new StackOverflowError();
        }

        @Override
        public String getSQLState() {
            throw new IllegalStateException("state");
        }

        @Override
        public int getErrorCode() {
            throw new IllegalStateException("code");
        }

        public int getStatusCode() {
            throw new IllegalStateException("status");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("text");
        }
    }
}
