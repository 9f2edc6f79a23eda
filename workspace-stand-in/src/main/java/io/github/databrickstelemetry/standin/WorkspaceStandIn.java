package io.github.databrickstelemetry.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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

    private static final String TOKEN = "stand-in-token-";
    private static final String ADDRESS = "127.0.0.1";
    private static final int MAX_BODY = 16 * 1024 * 1024;
    private static final int REQUESTS_KEPT = 1_000;
    private static final int BODY_KEPT = 32_768;
    private static final int STATEMENTS_KEPT = 2_000;
    /** How long a database may run before the driver has to poll. */
    private static final long WAIT_MILLIS = 1_000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "workspace-stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final SeaApi sea = new SeaApi(this);
    private final TelemetryService telemetry = new TelemetryService();
    private final FeatureFlagService featureFlag = new FeatureFlagService();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Set<String> openSessions = ConcurrentHashMap.newKeySet();
    private final Map<String, DatabaseSession> databaseSessions = new ConcurrentHashMap<>();
    private final List<String> sessions = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger tokens = new AtomicInteger(1);
    private final Deque<ReceivedRequest> requests = new ArrayDeque<>();
    private final Map<String, ServerStatement> statements = new LinkedHashMap<>();
    private long statementsRun;
    private volatile @Nullable DatabaseOf database;
    private volatile Duration thinkTime = Duration.ZERO;

    private record DatabaseOf(String catalog, Database database) {}

    private WorkspaceStandIn(int port) throws IOException {
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            // Otherwise Nagle's algorithm and delayed acknowledgements cost 40 ms a request.
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
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
        return TOKEN + tokens.get();
    }

    /** Makes a new token. The present one stays valid until the next rotation. */
    public void rotateToken() {
        tokens.incrementAndGet();
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
        answers.put(sql, answer);
        return this;
    }

    /**
     * Lets a database answer the statements of sessions that are opened from now on. It stays open when the workspace
     * closes.
     *
     * @param catalog the only catalog that metadata calls show
     */
    public WorkspaceStandIn answerFrom(String catalog, Database source) {
        database = new DatabaseOf(catalog, source);
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
        synchronized (requests) {
            return List.copyOf(requests);
        }
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
        synchronized (sessions) {
            return List.copyOf(sessions);
        }
    }

    /** Whether a session is open. */
    public boolean isOpen(String sessionId) {
        return openSessions.contains(sessionId);
    }

    /** The newest 2,000 statements, oldest first. */
    public List<ServerStatement> statements() {
        synchronized (statements) {
            return List.copyOf(statements.values());
        }
    }

    /** The newest statement; there must be one. */
    public ServerStatement lastStatement() {
        List<ServerStatement> all = statements();
        return all.get(all.size() - 1);
    }

    /** The statement of this id, or null where it is not among the newest 2,000. */
    public @Nullable ServerStatement statement(String id) {
        synchronized (statements) {
            return statements.get(id);
        }
    }

    /** How many statements have run so far. */
    public long statementsRun() {
        synchronized (statements) {
            return statementsRun;
        }
    }

    /** Gives the next session and its statements the ids of the first ones. */
    public void restartIds() {
        ids.set(0);
    }

    /** Stops it. Requests in flight end without a response. Idempotent. */
    @Override
    public void close() {
        telemetry.setMode(ServiceMode.HEALTHY);
        featureFlag.setMode(ServiceMode.HEALTHY);
        server.stop(0);
        threads.shutdownNow();
        statements().forEach(ServerStatement::cancel);
        databaseSessions.values().forEach(DatabaseSession::close);
        databaseSessions.clear();
    }

    UUID openSession(String schema) {
        UUID id = new UUID(0x01ef_5e55_0000_1000L, 0x8000_0000_0000_0000L | ids.incrementAndGet());
        DatabaseOf source = database;
        if (source != null) {
            try {
                databaseSessions.put(
                        id.toString(), new DatabaseSession(source.catalog, source.database.connect(schema), threads));
            } catch (SQLException e) {
                throw new RefusedException(new Answer.Refused(400, "BAD_REQUEST", "There is no schema " + schema));
            }
        }
        sessions.add(id.toString());
        openSessions.add(id.toString());
        return id;
    }

    void closeSession(String id) {
        openSessions.remove(id);
        DatabaseSession session = databaseSessions.remove(id);
        if (session != null) {
            session.close();
        }
    }

    ServerStatement run(StatementRequest request) throws InterruptedException {
        if (!isOpen(request.sessionId())) {
            throw RefusedException.notFound("Session " + request.sessionId());
        }
        Answer answer = answers.get(request.sql());
        DatabaseSession session = databaseSessions.get(request.sessionId());
        if (answer == null && session != null) {
            DatabaseSession.Running running = session.submit(request);
            ServerStatement statement =
                    add(request.sessionId(), request.sql(), new Answer.Pending(running.later()), request.lz4());
            statement.onCancel(running.cancel());
            statement.await(WAIT_MILLIS);
            return statement;
        }
        if (answer instanceof Answer.Refused refused) {
            throw new RefusedException(refused);
        }
        return add(request.sessionId(), request.sql(), answer == null ? usual(request.sql()) : answer, request.lz4());
    }

    private static Answer usual(String sql) {
        String start = sql.strip().toUpperCase(Locale.ROOT);
        if (start.startsWith("SHOW")) {
            return Answer.numbers(0);
        }
        if (start.startsWith("SELECT")) {
            return Answer.numbers(1);
        }
        boolean update = start.startsWith("INSERT")
                || start.startsWith("UPDATE")
                || start.startsWith("DELETE")
                || start.startsWith("MERGE");
        return update ? new Answer.Updated(1) : new Answer.Done();
    }

    ServerStatement add(String sessionId, String sql, Answer answer, boolean lz4) {
        UUID id = new UUID(0x01ef_57a7_0000_1000L, 0x8000_0000_0000_0000L | ids.incrementAndGet());
        ServerStatement statement = new ServerStatement(id, sessionId, sql, answer, lz4);
        synchronized (statements) {
            statementsRun++;
            // A restarted id is a new statement.
            statements.remove(statement.id());
            statements.put(statement.id(), statement);
            if (statements.size() > STATEMENTS_KEPT) {
                var eldest = statements.values().iterator();
                eldest.next().cancel();
                eldest.remove();
            }
        }
        return statement;
    }

    String link(ServerStatement statement, int chunk) {
        return "http://" + host() + "/cloud/" + statement.id() + "/" + chunk;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        log(exchange, body);
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
            return HistoryPage.of(this, uri.getQuery());
        }
        if (path.startsWith("/cloud/")) {
            return storage(path.split("/", -1));
        }
        if (path.endsWith("/telemetry-unauth")) {
            return telemetry.respond(exchange, body);
        }
        if (path.contains("/.well-known/")) {
            return Reply.notFound("Path " + path);
        }
        if (!isAuthorized(exchange.getRequestHeaders().getFirst("Authorization"))) {
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
            return new ThriftApi(this).respond(body);
        }
        return path.startsWith(SeaApi.ROOT)
                ? sea.respond(exchange.getRequestMethod(), path, body)
                : Reply.notFound("Path " + path);
    }

    private boolean isAuthorized(@Nullable String authorization) {
        int current = tokens.get();
        return isToken(current, authorization) || isToken(current - 1, authorization);
    }

    /** The driver before version 3 sends the token as the password of a user named token. */
    private static boolean isToken(int number, @Nullable String authorization) {
        byte[] basic = ("token:" + TOKEN + number).getBytes(StandardCharsets.UTF_8);
        return ("Bearer " + TOKEN + number).equals(authorization)
                || ("Basic " + Base64.getEncoder().encodeToString(basic)).equals(authorization);
    }

    private Reply storage(String[] path) throws IOException {
        ServerStatement statement = path.length == 4 ? statement(path[2]) : null;
        if (statement == null || !(statement.outcome() instanceof Answer.Rows rows)) {
            return Reply.notFound("The chunk");
        }
        boolean compressed = SeaApi.isCompressed(statement, rows);
        byte[] chunk = ArrowChunks.stream(rows, Integer.parseInt(path[3]), compressed);
        return new Reply(200, "application/octet-stream", chunk);
    }

    private void log(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        headers.remove("host");
        String text = new String(body, 0, Math.min(body.length, BODY_KEPT), StandardCharsets.ISO_8859_1);
        ReceivedRequest request = new ReceivedRequest(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, text);
        synchronized (requests) {
            requests.addLast(request);
            if (requests.size() > REQUESTS_KEPT) {
                requests.removeFirst();
            }
        }
    }

    /** The requests, for the message of a failed test. */
    @Override
    public String toString() {
        return "WorkspaceStandIn" + requests();
    }
}
