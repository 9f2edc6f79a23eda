package io.github.databrickstelemetry.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A Databricks workspace on a loopback port, for tests without a real one. The published JDBC driver connects to
 * {@link #jdbcUrl()} and needs no JVM flags:
 *
 * <pre>{@code
 * try (WorkspaceStandIn workspace = WorkspaceStandIn.start()) {
 *     workspace.answer("SELECT count(*) FROM orders", Answer.rows(Table.of("n BIGINT").row(42)));
 *     // run the application with spring.datasource.url = workspace.jdbcUrl()
 *     assertThat(workspace.telemetry().received()).extracting(TelemetryDocument::operation).contains("EXECUTE_STATEMENT");
 * }
 * }</pre>
 *
 * <p>A statement gets the answer that is given for its text, else the one of the database, else one that fits its first
 * word: one row for SELECT, one updated row for INSERT, UPDATE, DELETE and MERGE, nothing for all others. Ids count up,
 * so two workspaces that receive the same requests give the same ids. An application that sends telemetry to the stand-in
 * needs {@code databricks.telemetry.export.allow-private-hosts} and {@code allow-http}. Thread-safe.
 */
public final class WorkspaceStandIn implements AutoCloseable {

    /** A part of each Thrift handle. A real one is a secret, so it may not appear in anything that leaves the driver. */
    public static final UUID HANDLE_SECRET = UUID.fromString("5ec4e75e-c4e7-5ec4-e75e-c4e75ec4e75e");

    static final Instant FAR_FUTURE = Instant.parse("2099-01-01T00:00:00Z");

    private static final String ADDRESS = "127.0.0.1";
    private static final int MAX_BODY = 16 * 1024 * 1024;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "workspace-stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final Warehouse warehouse = new Warehouse(threads);
    private final TelemetryService telemetry = new TelemetryService();
    private final FeatureFlagService featureFlag = new FeatureFlagService();
    private final Tokens tokens = new Tokens();
    private final RequestLog requests = new RequestLog();
    private final CloudStorage storage;
    private final SeaApi sea;
    private volatile Duration thinkTime = Duration.ZERO;

    private WorkspaceStandIn(int port) throws IOException {
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            // Otherwise Nagle's algorithm and delayed acknowledgements cost 40 ms a request.
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        storage = new CloudStorage(host(), warehouse);
        sea = new SeaApi(warehouse, storage);
    }

    /** Starts a workspace on any free port. */
    public static WorkspaceStandIn start() {
        try {
            return start(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a workspace on a port of its own.
     *
     * @throws IOException where the port is in use
     */
    public static WorkspaceStandIn start(int port) throws IOException {
        WorkspaceStandIn workspace = new WorkspaceStandIn(port);
        try {
            // The server's own thread is a daemon where a daemon starts it.
            workspace.threads.submit(workspace.server::start).get();
            return workspace;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Its address as {@code host:port}. */
    public String host() {
        return ADDRESS + ":" + port();
    }

    /** The token that it accepts at present; the one before stays valid, too. */
    public String token() {
        return tokens.current();
    }

    /** Makes a new token. The present one stays valid until the next rotation. */
    public void rotateToken() {
        tokens.rotate();
    }

    /** The URL of a SQL warehouse, with its token, over the Statement Execution API. */
    public String jdbcUrl() {
        return jdbcUrl(Protocol.SEA);
    }

    /** The same over another protocol. */
    public String jdbcUrl(Protocol protocol) {
        // The zeros keep the driver from calling port 443, whatever the URL says, and from retrying for minutes.
        return "jdbc:databricks://" + host() + "/default;transportMode=http;ssl=0;AuthMech=3;UID=token;PWD=" + token()
                + ";EnableTelemetry=0;UseBoundedSeaApi=0;EnableThriftNativeMetadata=0;TemporarilyUnavailableRetry=0;"
                + "RateLimitRetry=0;AsyncExecPollInterval=5;" + protocol.settings;
    }

    /** Sets the answer to the statement of exactly this text, from now on. */
    public WorkspaceStandIn answer(String sql, Answer answer) {
        warehouse.answer(sql, answer);
        return this;
    }

    /**
     * Lets a database answer the statements of sessions that are opened from now on. It stays open when the workspace
     * closes.
     *
     * @param catalog the only catalog that metadata calls show
     */
    public WorkspaceStandIn answerFrom(String catalog, Database source) {
        warehouse.answerFrom(catalog, source);
        return this;
    }

    /** Delays each response to the driver by this time, as a warehouse and a network do. */
    public WorkspaceStandIn thinkTime(Duration time) {
        thinkTime = time;
        return this;
    }

    /** The telemetry service. */
    public TelemetryService telemetry() {
        return telemetry;
    }

    /** The feature-flag service. */
    public FeatureFlagService featureFlag() {
        return featureFlag;
    }

    /** The newest 1,000 requests, oldest first. */
    public List<ReceivedRequest> requests() {
        return requests.requests();
    }

    /** The requests of the driver alone, without telemetry and feature flags. */
    public List<ReceivedRequest> driverRequests() {
        return requests().stream().filter(request -> !request.isTelemetry()).toList();
    }

    /** The requests of telemetry and for feature flags. */
    public List<ReceivedRequest> telemetryRequests() {
        return requests().stream().filter(ReceivedRequest::isTelemetry).toList();
    }

    /** The ids of all sessions, oldest first. */
    public List<String> sessions() {
        return warehouse.sessions();
    }

    /** Whether a session is open. */
    public boolean isOpen(String sessionId) {
        return warehouse.isOpen(sessionId);
    }

    /** The newest 2,000 statements, oldest first. */
    public List<ServerStatement> statements() {
        return warehouse.statements();
    }

    /** The newest statement; there must be one. */
    public ServerStatement lastStatement() {
        List<ServerStatement> all = statements();
        return all.get(all.size() - 1);
    }

    /** The statement of this id, or null where it is not among the newest 2,000. */
    public @Nullable ServerStatement statement(String id) {
        return warehouse.statement(id);
    }

    /** How many statements have run so far. */
    public long statementsRun() {
        return warehouse.statementsRun();
    }

    /** Gives the next session and its statements the ids of the first ones. */
    public void restartIds() {
        warehouse.restartIds();
    }

    /** Stops it. Requests in flight end without a response. Idempotent. */
    @Override
    public void close() {
        telemetry.setMode(ServiceMode.HEALTHY);
        featureFlag.setMode(ServiceMode.HEALTHY);
        server.stop(0);
        threads.shutdownNow();
        warehouse.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        requests.add(exchange, body);
        Reply reply;
        try {
            reply = body.length > MAX_BODY
                    ? Reply.error(413, "REQUEST_LIMIT_EXCEEDED", "The request is too large")
                    : reply(exchange, body);
        } catch (RefusedException refused) {
            reply = refused.reply();
        } catch (InterruptedException e) {
            exchange.close();
            Thread.currentThread().interrupt();
            return;
        } catch (IOException e) {
            reply = Reply.error(400, "MALFORMED_REQUEST", "The body cannot be read");
        } catch (RuntimeException e) {
            reply = Reply.error(500, "INTERNAL_ERROR", String.valueOf(e));
        }
        if (reply != null) {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", reply.contentType());
                exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
                exchange.getResponseBody().write(reply.body());
            }
        }
    }

    private @Nullable Reply reply(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        URI uri = exchange.getRequestURI();
        String path = uri.getPath();
        if (path.equals(HistoryPage.PATH)) {
            return HistoryPage.of(warehouse, uri.getQuery());
        }
        if (path.startsWith(CloudStorage.ROOT)) {
            return storage.respond(path);
        }
        if (path.endsWith("/telemetry-unauth")) {
            return telemetry.respond(exchange, body);
        }
        if (path.contains("/.well-known/")) {
            return Reply.notFound("Path " + path);
        }
        if (!tokens.isValid(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return Reply.error(401, "UNAUTHENTICATED", "The access token is not valid");
        }
        if (path.endsWith("/telemetry-ext")) {
            return telemetry.respond(exchange, body);
        }
        if (path.startsWith(FeatureFlagService.PATH)) {
            return featureFlag.respond(exchange, body);
        }
        Thread.sleep(thinkTime.toMillis());
        if (path.startsWith("/sql/1.0/") || path.startsWith("/sql/protocolv1/")) {
            // Only this needs the driver's classes.
            return new ThriftApi(warehouse, storage).respond(body);
        }
        return path.startsWith(SeaApi.ROOT)
                ? sea.respond(exchange.getRequestMethod(), path, body)
                : Reply.notFound("Path " + path);
    }

    /** The requests, for the message of a failed test. */
    @Override
    public String toString() {
        return "WorkspaceStandIn" + requests();
    }
}
