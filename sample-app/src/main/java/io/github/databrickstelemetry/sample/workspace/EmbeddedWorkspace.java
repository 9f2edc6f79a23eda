package io.github.databrickstelemetry.sample.workspace;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stand-in for a Databricks workspace, listening on loopback until it is closed. The real JDBC driver talks to it
 * with {@link #jdbcUrl()} and {@link #token()}. Thread-safe.
 */
public final class EmbeddedWorkspace implements AutoCloseable {

    /** Trips generated unless told otherwise. */
    public static final int TRIPS = 20_000;

    private static final String WAREHOUSE = "abc123";
    private static final String ADDRESS = "127.0.0.1";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final SampleData data;
    private final QueryHistory history = new QueryHistory();
    private final FeatureFlagService featureFlags = new FeatureFlagService();
    private final TelemetryService telemetry = new TelemetryService();
    private final String token = "dapi-embedded-" + UUID.randomUUID();
    private final ExecutorService executor = Executors.newCachedThreadPool(new WorkspaceThreads());
    private final StatementService statements;
    private final HttpServer server;

    private EmbeddedWorkspace(int port, int trips) throws IOException, SQLException {
        // The JDK's server waits 40 ms for acknowledgements otherwise.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), 0);
        data = new SampleData(trips);
        statements = new StatementService(data, history, executor);
        server.createContext(StatementService.PATH, new JsonHandler(token, statements::answer));
        server.createContext(FeatureFlagService.PATH, new JsonHandler(token, featureFlags::answer));
        TelemetryService.AUTHENTICATED_PATHS.forEach(path -> server.createContext(path, telemetry.handler(token)));
        TelemetryService.UNAUTHENTICATED_PATHS.forEach(path -> server.createContext(path, telemetry.handler(null)));
        server.createContext("/", new JsonHandler(null, request -> Answer.notFound("Path " + request.path())));
        server.setExecutor(executor);
    }

    /**
     * Starts a workspace.
     *
     * @param port 0 for any free port
     * @param trips rows in the table of trips
     * @throws IOException where the port cannot be had
     */
    public static EmbeddedWorkspace start(int port, int trips) throws IOException {
        try {
            EmbeddedWorkspace workspace = new EmbeddedWorkspace(port, trips);
            // Its own thread is a daemon when a daemon starts it.
            workspace.executor.submit(workspace.server::start).get();
            return workspace;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting", e);
        } catch (ExecutionException | SQLException e) {
            throw new IllegalStateException("The embedded workspace cannot be started", e);
        }
    }

    /** Starts a workspace on any free port with {@link #TRIPS} trips. */
    public static EmbeddedWorkspace start() throws IOException {
        return start(0, TRIPS);
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Where it listens, as {@code host:port}. */
    public String host() {
        return ADDRESS + ':' + port();
    }

    /** The access token that it accepts, made at its start. */
    public String token() {
        return token;
    }

    /** The JDBC URL without the token, which is the password. */
    public String jdbcUrl() {
        // The last three settings keep the driver's own requests off port 443, which it uses whatever the URL says.
        return "jdbc:databricks://" + host() + "/default;transportMode=http;ssl=0;AuthMech=3;UID=token;httpPath="
                + "/sql/1.0/warehouses/" + WAREHOUSE
                + ";UseThriftClient=0;EnableTelemetry=0;UseBoundedSeaApi=0;EnableThriftNativeMetadata=0";
    }

    /** The statements that it ran. */
    public QueryHistory history() {
        return history;
    }

    /** The feature-flag service. */
    public FeatureFlagService featureFlags() {
        return featureFlags;
    }

    /** The telemetry service. */
    public TelemetryService telemetry() {
        return telemetry;
    }

    /** Stops it; requests under way are dropped. Idempotent. */
    @Override
    public void close() {
        telemetry.setMode(EndpointMode.HEALTHY);
        server.stop(0);
        executor.shutdownNow();
        statements.close();
        try {
            data.close();
        } catch (SQLException e) {
            // In memory and without readers: it is gone.
        }
    }

    private static final class WorkspaceThreads implements ThreadFactory {

        private final AtomicInteger number = new AtomicInteger();

        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(task, "workspace-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }
    }
}
