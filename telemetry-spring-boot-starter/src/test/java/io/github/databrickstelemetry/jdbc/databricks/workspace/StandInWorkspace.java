package io.github.databrickstelemetry.jdbc.databricks.workspace;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A scripted workspace on a loopback port: SQL warehouses by the SQL execution API and by Thrift, clusters by Thrift,
 * cloud storage, feature flags and telemetry. Two workspaces that are asked the same give the same ids, so that their
 * request logs can be compared. Thread-safe.
 */
public final class StandInWorkspace implements AutoCloseable {

    static final Instant FAR_FUTURE = Instant.parse("2099-01-01T00:00:00Z");

    /** What keeps the driver from calling port 443, whatever the URL says, and from retrying for minutes. */
    private static final String STAY_LOCAL = "transportMode=http;ssl=0;AuthMech=3;UID=token;PWD=not-a-secret;"
            + "EnableTelemetry=0;UseBoundedSeaApi=0;EnableThriftNativeMetadata=0;TemporarilyUnavailableRetry=0;"
            + "RateLimitRetry=0;AsyncExecPollInterval=5;";

    static {
        // Otherwise Nagle's algorithm and delayed acknowledgements cost 40 ms a request.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "stand-in-workspace");
        thread.setDaemon(true);
        return thread;
    });
    private final SeaApi sea = new SeaApi(this);
    private final ThriftApi thrift = new ThriftApi(this);
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<String, Answer> script = new ConcurrentHashMap<>();
    private final List<LoggedRequest> log = new CopyOnWriteArrayList<>();
    private final Set<String> openSessions = ConcurrentHashMap.newKeySet();
    private final List<String> sessions = new CopyOnWriteArrayList<>();
    private final Map<String, ServerStatement> statementsById = new ConcurrentHashMap<>();
    private final Map<Integer, ServerStatement> statements = new ConcurrentSkipListMap<>();

    private StandInWorkspace() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static StandInWorkspace start() throws IOException {
        return new StandInWorkspace();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** A warehouse, spoken to by the SQL execution API. */
    public String seaUrl() {
        return url("/sql/1.0/warehouses/abc123", "UseThriftClient=0");
    }

    /** A warehouse, spoken to by Thrift. */
    public String thriftUrl() {
        return url("/sql/1.0/warehouses/abc123", "UseThriftClient=1");
    }

    /** A cluster, which is always spoken to by Thrift. */
    public String clusterUrl() {
        return url("/sql/protocolv1/o/6051921418418893/0123-456789-abcdefgh", "UseThriftClient=1");
    }

    private String url(String httpPath, String mode) {
        return "jdbc:databricks://127.0.0.1:" + port() + "/default;" + STAY_LOCAL + "httpPath=" + httpPath + ";" + mode;
    }

    /** From now on, this statement is answered so. Others are answered by what they begin with. */
    public StandInWorkspace when(String sql, Answer answer) {
        script.put(sql, answer);
        return this;
    }

    /** Every request so far, in the order of arrival. */
    public List<LoggedRequest> log() {
        return List.copyOf(log);
    }

    /** The requests of the driver's work, telemetry aside. */
    public List<LoggedRequest> queryLog() {
        return log.stream().filter(request -> !request.isTelemetry()).toList();
    }

    public List<LoggedRequest> telemetryLog() {
        return log.stream().filter(LoggedRequest::isTelemetry).toList();
    }

    /** The ids of all sessions, oldest first. */
    public List<String> sessions() {
        return List.copyOf(sessions);
    }

    public boolean isOpen(String session) {
        return openSessions.contains(session);
    }

    /** All statements, oldest first. */
    public List<ServerStatement> statements() {
        return List.copyOf(statements.values());
    }

    /** The statement that was sent last. */
    public ServerStatement lastStatement() {
        List<ServerStatement> all = statements();
        return all.get(all.size() - 1);
    }

    /** Gives the next session and its statements the ids that the first ones had. */
    public void startOver() {
        ids.set(0);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    Answer answerTo(String sql) {
        Answer scripted = script.get(sql);
        if (scripted != null) {
            return scripted;
        }
        String start = sql.strip().toUpperCase(Locale.ROOT);
        if (start.startsWith("SHOW")) {
            return new Answer.Rows(0);
        }
        if (start.startsWith("INSERT") || start.startsWith("UPDATE") || start.startsWith("DELETE")) {
            return new Answer.Updated(1);
        }
        return start.startsWith("SELECT") ? new Answer.Rows(1) : new Answer.Done();
    }

    UUID openSession() {
        UUID id = new UUID(0x01ef_5e55_0000_1000L, 0x8000_0000_0000_0000L | ids.incrementAndGet());
        sessions.add(id.toString());
        openSessions.add(id.toString());
        return id;
    }

    void closeSession(String id) {
        openSessions.remove(id);
    }

    ServerStatement run(String sql, Answer answer, boolean compressionAsked) {
        int number = ids.incrementAndGet();
        UUID id = new UUID(0x01ef_57a7_0000_1000L, 0x8000_0000_0000_0000L | number);
        ServerStatement statement = new ServerStatement(id, sql, answer, compressionAsked);
        statementsById.put(statement.id(), statement);
        statements.put(number, statement);
        return statement;
    }

    @Nullable
    ServerStatement statement(String id) {
        return statementsById.get(id);
    }

    String link(ServerStatement statement, int chunk) {
        return "http://127.0.0.1:" + port() + "/cloud/" + statement.id() + "/" + chunk;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        URI uri = exchange.getRequestURI();
        log.add(new LoggedRequest(
                exchange.getRequestMethod(),
                uri.toString(),
                headers(exchange),
                new String(body, StandardCharsets.ISO_8859_1)));
        Reply reply;
        try {
            reply = reply(exchange.getRequestMethod(), uri.getPath(), body);
        } catch (RuntimeException bug) {
            reply = Reply.text(500, "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"" + bug + "\"}");
        }
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(reply.body());
        }
    }

    private Reply reply(String method, String path, byte[] body) throws IOException {
        if (path.contains("/telemetry")) {
            return Reply.text(200, "{\"errors\":[],\"numSuccess\":0}");
        }
        if (path.contains("/feature-flags/")) {
            return Reply.text(200, "{\"flags\":[],\"ttl_seconds\":900}");
        }
        if (path.startsWith("/cloud/")) {
            return storage(path.split("/", -1));
        }
        if (path.contains("/sql/1.0/") || path.contains("/sql/protocolv1/")) {
            return thrift.answer(body);
        }
        return path.startsWith("/api/2.0/sql/") ? sea.answer(method, path, body) : Reply.NOT_FOUND;
    }

    private Reply storage(String[] path) throws IOException {
        ServerStatement statement = statement(path[2]);
        if (statement == null || !(statement.outcome() instanceof Answer.CloudFetch fetch)) {
            return Reply.NOT_FOUND;
        }
        int chunk = Integer.parseInt(path[3]);
        boolean compressed = fetch.compressed() && statement.isCompressionAsked();
        return new Reply(
                200,
                "application/octet-stream",
                ArrowChunks.stream(chunk * fetch.rowsPerChunk(), fetch.rowsPerChunk(), compressed));
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(lower(name), String.join(",", values)));
        headers.remove("host");
        return headers;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** For messages of failed tests. */
    @Override
    public String toString() {
        return "StandInWorkspace" + new ArrayList<>(log);
    }
}
