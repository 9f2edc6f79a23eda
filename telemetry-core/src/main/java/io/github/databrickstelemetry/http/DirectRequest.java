package io.github.databrickstelemetry.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/**
 * One request over the JDK client, sent and awaited on the calling thread.
 *
 * <p>Why not Spring's own {@code JdkClientHttpRequest}: it hands the body to a publisher that blocks a thread of an
 * executor for each request, so that hosts which hang would hold up the others or cost a thread each; and its read
 * timeout starts a JVM-wide thread. Here the body is an array, and one deadline covers everything, including an answer
 * that trickles in byte by byte.
 */
final class DirectRequest extends AbstractClientHttpRequest {

    /** The request attribute that holds the {@link Duration} in which everything must be over. */
    static final String TIMEOUT = DirectRequest.class.getName() + ".timeout";

    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** What the JDK client sets by itself and refuses to be told. */
    private static final Set<String> RESTRICTED = Set.of("connection", "content-length", "expect", "host", "upgrade");

    private final HttpClient client;
    private final URI uri;
    private final HttpMethod method;
    private final @Nullable String proxyAuthorization;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /**
     * A request that is not sent yet.
     *
     * @param proxyAuthorization for the proxy, or null; the JDK client keeps it from the server
     */
    DirectRequest(HttpClient client, URI uri, HttpMethod method, @Nullable String proxyAuthorization) {
        this.client = client;
        this.uri = uri;
        this.method = method;
        this.proxyAuthorization = proxyAuthorization;
    }

    @Override
    public HttpMethod getMethod() {
        return method;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    protected OutputStream getBodyInternal(HttpHeaders headers) {
        return body;
    }

    @Override
    protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(
                        method.name(),
                        body.size() == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.toByteArray()));
        headers.forEach((name, values) -> {
            if (!RESTRICTED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        if (proxyAuthorization != null) {
            request.setHeader("Proxy-Authorization", proxyAuthorization);
        }
        LimitedBody answer = new LimitedBody();
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request.build(), answer);
        try {
            exchange.get(timeout().toNanos(), TimeUnit.NANOSECONDS);
            return answer.response();
        } catch (TimeoutException late) {
            return answer.responseOr(new HttpTimeoutException("request timed out"));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException failure) {
            return answer.responseOr(cause(failure));
        } finally {
            // Of the very future that the client gave out: this gives up the connection.
            exchange.cancel(true);
        }
    }

    private Duration timeout() {
        return getAttributes().get(TIMEOUT) instanceof Duration timeout ? timeout : LONGEST;
    }

    private static IOException cause(ExecutionException failure) {
        Throwable cause = failure.getCause();
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof UnresolvedAddressException) {
                // The JDK client says ConnectException, but nobody refused anything.
                return new UnknownHostException("unknown host");
            }
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }
}
