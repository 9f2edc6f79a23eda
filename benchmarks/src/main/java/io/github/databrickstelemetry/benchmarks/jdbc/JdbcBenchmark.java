package io.github.databrickstelemetry.benchmarks.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Statements through every instrumentation. What one adds is its time less the time of {@code bare}. The traced ones run
 * within a request whose trace is sampled, and make a span for each statement.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH fills in parameters, then calls the set-up.
public class JdbcBenchmark {

    private static final String POINT_SQL = "SELECT a, b, c, d FROM point WHERE id = ?";
    private static final String BATCH_SQL = "INSERT INTO target(id, a) VALUES (?, ?)";
    private static final int BATCH = 100;

    /** One instrumented data source for all threads. */
    @State(Scope.Benchmark)
    public static class Target {

        @Param({"bare", "oursDisabled", "ours", "datasourceProxy", "datasourceMicrometer", "p6spy", "openTelemetry"})
        String instrumentation;

        @Param({"stub", "h2"})
        String driver;

        Instrumentation observer;
        DataSource plain;
        DataSource pool;

        @Setup
        public void setUp() {
            observer = Instrumentation.named(instrumentation);
            DataSource dataSource = driver.equals("stub") ? Stub.dataSource() : H2.dataSource();
            plain = observer.wrap(dataSource);
            pool = observer.pool(dataSource);
        }

        @TearDown
        public void tearDown() throws Exception {
            System.out.printf("%nlost %s%n", observer.losses());
            if (pool.isWrapperFor(AutoCloseable.class)) {
                pool.unwrap(AutoCloseable.class).close();
            }
            observer.close();
        }
    }

    /** A connection per thread. */
    @State(Scope.Thread)
    public static class Session {

        /** Work between two statements, so that what consumes events can keep up; 100 is about 0.3 microseconds. */
        @Param("0")
        int pause;

        Connection connection;
        AutoCloseable request;

        @Setup(Level.Iteration)
        public void open(Target target) throws SQLException {
            connection = target.plain.getConnection();
            request = target.observer.request();
        }

        @TearDown(Level.Iteration)
        public void close() throws Exception {
            request.close();
            connection.close();
        }
    }

    /** Prepare, execute, read one row of four columns, close. */
    @Benchmark
    public void pointQuery(Session session, Blackhole blackhole) throws SQLException {
        point(session.connection, blackhole);
        pause(session);
    }

    /** The same with a connection borrowed from a pool and given back. */
    @Benchmark
    public void pooledPointQuery(Target target, Session session, Blackhole blackhole) throws SQLException {
        try (Connection connection = target.pool.getConnection()) {
            point(connection, blackhole);
        }
        pause(session);
    }

    /** 10,000 rows of five columns. */
    @Benchmark
    public void wideRead(Session session, Blackhole blackhole) throws SQLException {
        try (PreparedStatement statement = session.connection.prepareStatement(Stub.WIDE_SQL);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                blackhole.consume(rows.getInt(1));
                blackhole.consume(rows.getString(2));
                blackhole.consume(rows.getLong(3));
                blackhole.consume(rows.getDouble(4));
                blackhole.consume(rows.getString(5));
            }
        }
    }

    /** A batch of a hundred rows of two columns. */
    @Benchmark
    public void batch(Session session, Blackhole blackhole) throws SQLException {
        session.connection.setAutoCommit(false);
        try (PreparedStatement statement = session.connection.prepareStatement(BATCH_SQL)) {
            for (int i = 0; i < BATCH; i++) {
                statement.setInt(1, i);
                statement.setString(2, "text");
                statement.addBatch();
            }
            blackhole.consume(statement.executeBatch());
        }
        session.connection.rollback();
        pause(session);
    }

    /** A statement that the database refuses. */
    @Benchmark
    public void failingStatement(Session session, Blackhole blackhole) {
        try (PreparedStatement statement = session.connection.prepareStatement(Stub.FAILING_SQL)) {
            statement.setInt(1, 1);
            blackhole.consume(statement.executeQuery());
        } catch (SQLException expected) {
            blackhole.consume(expected);
        }
        pause(session);
    }

    private static void point(Connection connection, Blackhole blackhole) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(POINT_SQL)) {
            statement.setInt(1, 42);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    blackhole.consume(row.getInt(1));
                    blackhole.consume(row.getString(2));
                    blackhole.consume(row.getLong(3));
                    blackhole.consume(row.getDouble(4));
                }
            }
        }
    }

    private static void pause(Session session) {
        if (session.pause > 0) {
            Blackhole.consumeCPU(session.pause);
        }
    }
}
