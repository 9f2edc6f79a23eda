package io.github.databrickstelemetry.sample.workspace;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.UUID;

/**
 * The warehouse's tables, on an H2 of their own: a part of the sample data that every real workspace has, with generated
 * rows, so that the same statements run on both. The same rows every time.
 */
final class SampleData implements AutoCloseable {

    static final String CATALOG = "samples";
    private static final int CUSTOMERS = 2_000;
    private static final int BATCH = 2_000;
    private static final int[] ZIPS = {
        10001, 10003, 10009, 10011, 10012, 10016, 10019, 10021, 10023, 10025, 10110, 11201, 11371, 11430
    };
    private static final String[] SEGMENTS = {"AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"};

    private final String url = "jdbc:h2:mem:workspace-" + UUID.randomUUID()
            + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;IGNORE_CATALOGS=TRUE";
    /** As long as one connection is open, the data is there. */
    private final Connection keeper;

    SampleData(int trips) throws SQLException {
        keeper = DriverManager.getConnection(url);
        try (Statement statement = keeper.createStatement()) {
            statement.execute("CREATE SCHEMA \"default\"");
            statement.execute("CREATE SCHEMA nyctaxi");
            statement.execute("CREATE SCHEMA tpch");
            statement.execute("CREATE TABLE nyctaxi.trips (tpep_pickup_datetime TIMESTAMP(0), "
                    + "tpep_dropoff_datetime TIMESTAMP(0), trip_distance DOUBLE PRECISION, fare_amount DOUBLE PRECISION, "
                    + "pickup_zip INT, dropoff_zip INT)");
            statement.execute("CREATE TABLE tpch.customer (c_custkey BIGINT, c_name VARCHAR, c_nationkey BIGINT, "
                    + "c_acctbal DECIMAL(18, 2), c_mktsegment VARCHAR)");
        }
        keeper.setAutoCommit(false);
        addTrips(trips);
        addCustomers();
        keeper.commit();
        keeper.setAutoCommit(true);
    }

    /** A connection for one session. */
    Connection connect(String schema) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SCHEMA \"" + schema.replace("\"", "\"\"") + '"');
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        try (Statement statement = keeper.createStatement()) {
            statement.execute("SHUTDOWN");
        }
    }

    private void addTrips(int count) throws SQLException {
        Random random = new Random(42);
        LocalDateTime first = LocalDateTime.of(2016, 1, 1, 0, 0);
        try (PreparedStatement insert =
                keeper.prepareStatement("INSERT INTO nyctaxi.trips VALUES (?, ?, ?, ?, ?, ?)")) {
            for (int i = 1; i <= count; i++) {
                LocalDateTime pickup = first.plusSeconds(random.nextInt(60 * 24 * 3600));
                double miles = Math.round((0.4 + Math.abs(random.nextGaussian()) * 3) * 100) / 100.0;
                long seconds = Math.round(miles * (180 + random.nextInt(240)));
                insert.setTimestamp(1, Timestamp.valueOf(pickup));
                insert.setTimestamp(2, Timestamp.valueOf(pickup.plusSeconds(seconds)));
                insert.setDouble(3, miles);
                insert.setDouble(4, Math.round((2.5 + miles * 2.5 + seconds / 180.0) * 2) / 2.0);
                insert.setInt(5, zip(random));
                insert.setInt(6, zip(random));
                insert.addBatch();
                if (i % BATCH == 0 || i == count) {
                    insert.executeBatch();
                }
            }
        }
    }

    /** Some places are far busier than others. */
    private static int zip(Random random) {
        return ZIPS[(int) (ZIPS.length * Math.pow(random.nextDouble(), 1.7))];
    }

    private void addCustomers() throws SQLException {
        Random random = new Random(7);
        try (PreparedStatement insert = keeper.prepareStatement("INSERT INTO tpch.customer VALUES (?, ?, ?, ?, ?)")) {
            for (int i = 1; i <= CUSTOMERS; i++) {
                insert.setLong(1, i);
                insert.setString(2, String.format("Customer#%09d", i));
                insert.setLong(3, random.nextInt(25));
                insert.setBigDecimal(4, java.math.BigDecimal.valueOf(random.nextInt(1_000_000) - 99_999, 2));
                insert.setString(5, SEGMENTS[random.nextInt(SEGMENTS.length)]);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
