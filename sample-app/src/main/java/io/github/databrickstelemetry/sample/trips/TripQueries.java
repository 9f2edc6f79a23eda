package io.github.databrickstelemetry.sample.trips;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The statements that the sample runs, all on tables that every Databricks workspace has. */
@Repository
public class TripQueries {

    /** A way that taxis take, by the postal codes of its ends. */
    public record Route(int pickupZip, int dropoffZip, long trips, double averageFare) {}

    /** Trips and income in one hour of the day. */
    public record Hour(int hour, long trips, double fares) {}

    /** One group of customers. */
    public record Segment(String segment, long customers, double averageBalance) {}

    private final JdbcClient jdbc;

    TripQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The busiest routes. */
    public List<Route> top(int limit) {
        return jdbc.sql("""
                        SELECT pickup_zip, dropoff_zip, COUNT(*) AS trips, AVG(fare_amount) AS average_fare
                        FROM samples.nyctaxi.trips GROUP BY pickup_zip, dropoff_zip
                        ORDER BY trips DESC, pickup_zip, dropoff_zip LIMIT %d""".formatted(limit))
                .query((row, number) -> new Route(
                        row.getInt("pickup_zip"),
                        row.getInt("dropoff_zip"),
                        row.getLong("trips"),
                        row.getDouble("average_fare")))
                .list();
    }

    /** Trips from one postal code by hour of the day. */
    public List<Hour> byHour(int zip) {
        return jdbc.sql("""
                        SELECT EXTRACT(HOUR FROM tpep_pickup_datetime) AS pickup_hour, COUNT(*) AS trips,
                        SUM(fare_amount) AS fares FROM samples.nyctaxi.trips WHERE pickup_zip = ?
                        GROUP BY EXTRACT(HOUR FROM tpep_pickup_datetime) ORDER BY pickup_hour""")
                .param(zip)
                .query((row, number) ->
                        new Hour(row.getInt("pickup_hour"), row.getLong("trips"), row.getDouble("fares")))
                .list();
    }

    /** Customers by segment. */
    public List<Segment> segments() {
        return jdbc.sql("""
                        SELECT c_mktsegment, COUNT(*) AS customers, AVG(c_acctbal) AS average_balance
                        FROM samples.tpch.customer GROUP BY c_mktsegment ORDER BY c_mktsegment""")
                .query((row, number) -> new Segment(
                        row.getString("c_mktsegment"), row.getLong("customers"), row.getDouble("average_balance")))
                .list();
    }

    /** Reads the longest trips, so many that the result comes in several chunks, and counts what came. */
    public long longest(int limit) {
        return jdbc.sql("SELECT * FROM samples.nyctaxi.trips ORDER BY trip_distance DESC LIMIT %d".formatted(limit))
                .query((row, number) -> row.getDouble("trip_distance"))
                .list()
                .size();
    }

    /** Asks for a table that does not exist. */
    public void broken() {
        jdbc.sql("SELECT * FROM samples.nyctaxi.helicopters").query().listOfRows();
    }

    /** Compares many trips with each other, which takes a while. */
    public long slow() {
        return jdbc.sql("""
                        SELECT COUNT(*) AS pairs FROM samples.nyctaxi.trips a
                        CROSS JOIN (SELECT trip_distance FROM samples.nyctaxi.trips LIMIT 700) b
                        WHERE a.trip_distance > b.trip_distance""").query((row, number) -> row.getLong("pairs")).single();
    }
}
