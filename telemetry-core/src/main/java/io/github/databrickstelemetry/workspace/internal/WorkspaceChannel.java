package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.config.HttpSettings;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * The way to one target. Thread-safe; each call blocks its own thread, at most for the read timeout and the resolution
 * of the name, and reacts to an interrupt. Close it to let go of the connections.
 */
public final class WorkspaceChannel implements AutoCloseable {

    /** Headers that are ours or the client's; configured ones of these names are ignored. */
    private static final Set<String> OURS = Set.of(
            "authorization",
            "content-type",
            "content-length",
            "content-encoding",
            "transfer-encoding",
            "user-agent",
            "connection",
            "expect",
            "host",
            "upgrade",
            "proxy-authorization");

    /** Headers that tell who sends; never sent without credentials. */
    private static final Set<String> IDENTIFYING = Set.of("x-databricks-org-id", "cookie");

    private final TelemetryTarget target;
    private final HostValidator validator;
    private final URI base;
    private final Object lock = new Object();
    private @Nullable Supplier<DirectHttpClient> clients;
    private @Nullable DirectHttpClient client;

    /** @param clients asked at the first request, because a JDK client brings a thread along */
    WorkspaceChannel(TelemetryTarget target, HostValidator validator, Supplier<DirectHttpClient> clients) {
        this.target = target;
        this.validator = validator;
        this.clients = clients;
        this.base = URI.create(target.host().baseUrl());
    }

    /**
     * What speaks against this target's host, as far as can be told without I/O.
     *
     * @return null if nothing does
     */
    public @Nullable HostRefusal refusal() {
        HttpSettings http = target.settings().export().http();
        return validator.check(target.host(), http.allowPrivateHosts(), http.allowHttp());
    }

    /**
     * Posts a JSON document.
     *
     * @param authorization the {@code Authorization} header, or null to travel anonymously: without organisation id,
     *     too
     * @param gzip whether the body is compressed already
     * @throws HostRefusedException if the host may not be contacted
     * @throws IOException if no status came back
     */
    public WorkspaceResponse post(String path, @Nullable String authorization, byte[] body, boolean gzip)
            throws IOException {
        return send(HttpMethod.POST, path, authorization, body, gzip);
    }

    /**
     * Gets a JSON document.
     *
     * @param authorization the {@code Authorization} header, or null to travel anonymously
     * @throws HostRefusedException if the host may not be contacted
     * @throws IOException if no status came back
     */
    public WorkspaceResponse get(String path, @Nullable String authorization) throws IOException {
        return send(HttpMethod.GET, path, authorization, null, false);
    }

    private WorkspaceResponse send(
            HttpMethod method, String path, @Nullable String authorization, byte @Nullable [] body, boolean gzip)
            throws IOException {
        DirectHttpClient http = client();
        checkHost(http);
        RestClient.RequestBodySpec request = http.rest()
                .method(method)
                .uri(URI.create(target.host().baseUrl() + path))
                .attribute(
                        DirectRequest.TIMEOUT, target.settings().export().http().readTimeout())
                .headers(headers -> addHeaders(headers, authorization));
        if (body != null) {
            request.header("Content-Type", "application/json");
            if (gzip) {
                request.header("Content-Encoding", "gzip");
            }
            request.body(body);
        }
        try {
            WorkspaceResponse answer = request.exchange((sent, received) -> new WorkspaceResponse(
                    received.getStatusCode().value(),
                    received.getHeaders().getFirst("Retry-After"),
                    received.getHeaders().getFirst("Date"),
                    received.getBody().readAllBytes()));
            if (answer == null) {
                throw new IOException("no answer");
            }
            return answer;
        } catch (ResourceAccessException wrapped) {
            throw wrapped.getCause() instanceof IOException cause ? cause : new IOException(wrapped);
        } catch (CancellationException | IllegalArgumentException refused) {
            throw new IOException(refused);
        }
    }

    private DirectHttpClient client() throws IOException {
        synchronized (lock) {
            if (client == null) {
                if (clients == null) {
                    throw new IOException("channel is closed");
                }
                client = clients.get();
            }
            return client;
        }
    }

    private void checkHost(DirectHttpClient http) throws IOException {
        HostRefusal refusal = refusal();
        if (refusal == null && !target.hostFromJdbcUrl() && !http.isProxied(base)) {
            refusal = validator.checkResolved(
                    target.host(), target.settings().export().http().allowPrivateHosts());
        }
        if (refusal != null) {
            throw new HostRefusedException(refusal);
        }
    }

    private void addHeaders(HttpHeaders headers, @Nullable String authorization) {
        HttpSettings http = target.settings().export().http();
        headers.set("Accept", "application/json");
        for (Map.Entry<String, String> extra : http.headers().entrySet()) {
            String name = extra.getKey().toLowerCase(Locale.ROOT);
            if (!OURS.contains(name) && (authorization != null || !IDENTIFYING.contains(name))) {
                headers.set(extra.getKey(), extra.getValue());
            }
        }
        headers.set("User-Agent", UserAgent.of(http.userAgentEntry()));
        if (authorization != null) {
            headers.set("Authorization", authorization);
            if (target.orgId() != null) {
                headers.set("x-databricks-org-id", target.orgId());
            }
        }
    }

    /** The host that this channel leads to. */
    public WorkspaceHost host() {
        return target.host();
    }

    /** Lets go of the connections. Requests under way go on; later ones fail. Idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            clients = null;
            client = null;
        }
    }
}
