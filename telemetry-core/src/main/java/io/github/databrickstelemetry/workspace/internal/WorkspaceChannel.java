package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.config.ExportSettings.HttpSettings;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.HostValidator.HostRefusedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * The requests of one task, such as an export. The task's thread sends them one after the other. Each blocks it, for the
 * read timeout at most, to which resolving the host's name may add. {@link #close}, which is for any thread, ends the
 * request in flight.
 */
public class WorkspaceChannel implements AutoCloseable {

    /** Headers that are ours or the client's; configured ones of these names are ignored. */
    private static final Pattern OURS = Pattern.compile("(?i)authorization|content-(type|length|encoding)"
            + "|transfer-encoding|user-agent|connection|expect|host|upgrade|proxy-authorization");

    /** Headers that identify the sender; sent with credentials only. */
    private static final Pattern IDENTIFYING = Pattern.compile("(?i)x-databricks-org-id|cookie");

    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e]*");

    /** Copied for each request, because a new one looks for all converters of Spring's. Made with the first request. */
    private static final class Template {
        static final RestClient CLIENT = RestClient.builder()
                // Not used. Without a factory, Spring makes an HTTP client of the JDK's, with a thread that stays.
                .requestFactory((uri, method) -> {
                    throw new IllegalStateException("no connection");
                })
                .messageConverters(converters -> {
                    converters.clear();
                    converters.add(new ByteArrayHttpMessageConverter());
                })
                .build();
    }

    /** There are no credentials now that a request can carry. Holds neither their value nor a cause. */
    public static final class UnusableCredentialsException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String why;

        UnusableCredentialsException(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        /** A short word such as {@code NoCredentials}, followed by the class of the source's exception if there was one. */
        public String why() {
            return why;
        }
    }

    /** A proxy refused to open a tunnel to the workspace. */
    public static final class TunnelRefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        private final int status;

        TunnelRefusedException(int status) {
            super("Proxy responded " + status);
            this.status = status;
        }

        /** The proxy's HTTP status. */
        public int status() {
            return status;
        }
    }

    private final WorkspaceHttp http;
    private volatile @Nullable SocketExchange last;
    private volatile boolean closed;

    protected WorkspaceChannel(WorkspaceHttp http) {
        this.http = http;
    }

    /**
     * The value of the {@code Authorization} header for the next request; null when there are no credentials now and the
     * target does not need them. Reads the target's credentials, which may block; a token is requested over this channel.
     *
     * @throws UnusableCredentialsException if there are none that a request can carry
     */
    public @Nullable String authorization(TelemetryTarget target) {
        CredentialSource source = target.credentials();
        String value;
        try {
            value = source instanceof RequestedCredentials requested
                    ? requested.authorization(this)
                    : source.authorization();
        } catch (Throwable failure) {
            // The application's code: it may throw errors as well.
            throw new UnusableCredentialsException(
                    "NoCredentials(" + failure.getClass().getSimpleName() + ")");
        }
        if (value == null && target.settings().authenticatedExport()) {
            throw new UnusableCredentialsException("NoCredentials");
        }
        if (value != null && !PRINTABLE.matcher(value).matches()) {
            // A line break would add headers of its own.
            throw new UnusableCredentialsException("UnprintableCredentials");
        }
        return value;
    }

    /**
     * Posts a JSON document. After 401 or 403, credentials are requested afresh next time.
     *
     * @param authorization the {@code Authorization} header, or null for an unauthenticated request, which names no
     *     organisation
     * @param body compressed, if the target's settings say so
     * @throws HostRefusedException if the host may not be contacted
     * @throws TunnelRefusedException if a proxy refuses
     * @throws IOException if there is no status
     */
    public WorkspaceResponse post(TelemetryTarget target, String path, @Nullable String authorization, byte[] body)
            throws IOException {
        return sendAuthorized(target, path, body, authorization);
    }

    /** Gets a JSON document, as {@link #post} does. */
    public WorkspaceResponse get(TelemetryTarget target, String path, @Nullable String authorization)
            throws IOException {
        return sendAuthorized(target, path, null, authorization);
    }

    private WorkspaceResponse sendAuthorized(
            TelemetryTarget target, String path, byte @Nullable [] body, @Nullable String authorization)
            throws IOException {
        WorkspaceResponse response = send(target, path, body, headers -> {
            addHeaders(headers, target, authorization);
            if (body != null) {
                headers.set("Content-Type", "application/json");
            }
            if (body != null && target.settings().export().gzip()) {
                headers.set("Content-Encoding", "gzip");
            }
        });
        boolean unauthorized = response.status() == 401 || response.status() == 403;
        if (unauthorized && authorization != null && target.credentials() instanceof RequestedCredentials requested) {
            requested.refused(authorization);
        }
        return response;
    }

    private static void addHeaders(HttpHeaders headers, TelemetryTarget target, @Nullable String authorization) {
        HttpSettings settings = target.settings().export().http();
        headers.set("Accept", "application/json");
        settings.headers().forEach((name, value) -> {
            boolean identifying = IDENTIFYING.matcher(name).matches();
            if (!OURS.matcher(name).matches() && (authorization != null || !identifying)) {
                headers.set(name, value);
            }
        });
        headers.set("User-Agent", UserAgent.of(settings.userAgentEntry()));
        if (authorization != null) {
            headers.set("Authorization", authorization);
            Object organisation = target.orgId() == null ? target.workspaceId() : target.orgId();
            if (organisation != null) {
                headers.set("x-databricks-org-id", organisation.toString());
            }
        }
    }

    /**
     * Posts the body, or gets what is there if it is null. Only a simulated workspace overrides it.
     *
     * @param target where the request goes, and with which proxy, trust and timeouts
     */
    protected WorkspaceResponse send(
            TelemetryTarget target, String path, byte @Nullable [] body, Consumer<HttpHeaders> headers)
            throws IOException {
        if (HostValidator.isRefused(target)) {
            throw new HostRefusedException();
        }
        URI uri = URI.create(target.host().baseUrl() + path);
        SocketExchange exchange = new SocketExchange(target, http, uri);
        // Before the look at the mark, so that close() finds the exchange or this finds the mark.
        last = exchange;
        if (closed) {
            throw closedException();
        }
        try {
            // The interceptor is the transport: it never calls the request factory behind it.
            RestClient.RequestBodySpec request = Template.CLIENT
                    .mutate()
                    .requestInterceptor((sent, content, unused) -> exchange.send(sent, content))
                    .build()
                    .method(body == null ? HttpMethod.GET : HttpMethod.POST)
                    .uri(uri)
                    .headers(headers);
            if (body != null) {
                request.body(body);
            }
            // Spring wraps the response.
            return request.exchangeForRequiredValue((sent, wrapped) -> exchange.response());
        } catch (ResourceAccessException wrapped) {
            throw wrapped.getCause() instanceof IOException cause ? cause : new IOException(wrapped);
        }
    }

    /** Ends the request in flight; later ones fail. Idempotent; never blocks. */
    @Override
    public void close() {
        closed = true;
        SocketExchange inFlight = last;
        if (inFlight != null) {
            inFlight.abort(closedException());
        }
    }

    private static IOException closedException() {
        return new InterruptedIOException("channel is closed");
    }
}
