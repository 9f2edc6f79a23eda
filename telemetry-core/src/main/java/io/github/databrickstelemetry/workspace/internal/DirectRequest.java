package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
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
 * timeout starts a JVM-wide thread. The JDK client's own {@code sendAsync} ends on the common pool, which on a machine of
 * two processors starts a thread for each request. Here the body is an array, and one deadline covers everything,
 * including an answer that trickles in byte by byte.
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
        // Until the headers are there, the client sees to the time; for the rest of the answer we do.
        Duration timeout = timeout();
        long begin = TelemetryClock.SYSTEM.nanoTime();
        LimitedBody answer = new LimitedBody();
        try {
            client.send(request.timeout(timeout).build(), answer);
            answer.await(timeout.toNanos() - (TelemetryClock.SYSTEM.nanoTime() - begin));
            return answer.response();
        } catch (InterruptedException interrupt) {
            answer.abandon();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (IOException failure) {
            answer.abandon();
            return answer.responseOr(cause(failure));
        }
    }

    private Duration timeout() {
        return getAttributes().get(TIMEOUT) instanceof Duration timeout ? timeout : LONGEST;
    }

    private static IOException cause(IOException failure) {
        for (Throwable inner = failure.getCause(); inner != null; inner = inner.getCause()) {
            if (inner instanceof UnresolvedAddressException) {
                // The JDK client says ConnectException, but nobody refused anything.
                return new UnknownHostException("unknown host");
            }
        }
        return failure;
    }
}
