package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.jdbc.databricks.DriverObjects.Value;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One execution as the driver counts it, also with its own telemetry switched off. Read when the statement has ended: the
 * driver's objects go on counting, and hold no rows.
 *
 * @param startNanos {@link System#nanoTime()} before the execute call, or 0 when not known
 * @param tracker where the driver counts, or null
 * @param metaData of the result set, or null
 */
record DriverResult(
        DriverObjects driver,
        String id,
        long startNanos,
        @Nullable Object tracker,
        @Nullable Object metaData,
        boolean compressed)
        implements DeferredResult {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    /**
     * Finds what the driver forgets when the result set is closed, and reads no more: each getter costs the application's
     * thread about as much as an event.
     *
     * @param physical the driver's statement or a pool's
     * @param resultSet the driver's own, or null
     */
    static DriverResult of(
            DriverObjects driver, String id, Statement physical, @Nullable Object resultSet, long startNanos) {
        return new DriverResult(
                driver,
                id,
                startNanos,
                tracker(driver, id, physical, resultSet),
                metaData(resultSet),
                isCompressed(driver, resultSet));
    }

    /** The object in which the driver counts for this statement, or null. Only looks; the driver makes it. */
    private static @Nullable Object tracker(
            DriverObjects driver, String id, Statement physical, @Nullable Object resultSet) {
        Object collector = driver.read(Value.COLLECTOR_OF_RESULT_SET, resultSet);
        if (collector == null) {
            Object context = driver.read(Value.CONTEXT, connection(driver, physical));
            collector = driver.read(Value.COLLECTOR_OF_CONTEXT, context);
        }
        return driver.read(Value.TRACKERS, collector) instanceof Map<?, ?> trackers ? trackers.get(id) : null;
    }

    private static @Nullable Object connection(DriverObjects driver, Statement physical) {
        try {
            return DriverObjects.unwrap(physical.getConnection(), driver.connection);
        } catch (SQLException closed) {
            return null;
        }
    }

    private static @Nullable Object metaData(@Nullable Object resultSet) {
        try {
            return resultSet == null ? null : ((ResultSet) resultSet).getMetaData();
        } catch (SQLException none) {
            return null;
        }
    }

    private static boolean isCompressed(DriverObjects driver, @Nullable Object resultSet) {
        Object chunks = driver.read(Value.CHUNK_PROVIDER, driver.read(Value.EXECUTION_RESULT, resultSet));
        String codec = driver.constant(Value.DOWNLOAD_CODEC, chunks);
        if (codec == null) {
            codec = driver.constant(Value.STREAMING_CODEC, chunks);
        }
        if (codec == null) {
            codec = driver.constant(Value.INLINE_CODEC, chunks);
        }
        return codec != null && !codec.equals("NONE");
    }

    @Override
    public StatementResult read() {
        Object chunks = driver.read(Value.CHUNKS, tracker);
        Object latency = driver.read(Value.LATENCY, tracker);
        Object operation = driver.read(Value.OPERATION, tracker);
        return new StatementResult(
                id,
                format(),
                compressed,
                new StatementResult.Chunks(
                        Math.max(
                                driver.number(Value.CHUNK_COUNT, metaData),
                                driver.number(Value.CHUNKS_PRESENT, chunks)),
                        driver.number(Value.CHUNKS_ITERATED, chunks),
                        NANOS_PER_MILLI * driver.number(Value.FIRST_CHUNK_MILLIS, chunks),
                        NANOS_PER_MILLI * driver.number(Value.SLOWEST_CHUNK_MILLIS, chunks),
                        NANOS_PER_MILLI * driver.number(Value.ALL_CHUNKS_MILLIS, chunks)),
                new StatementResult.Polls(
                        (int) Math.min(Integer.MAX_VALUE, driver.number(Value.POLLS, operation)),
                        NANOS_PER_MILLI * driver.number(Value.POLLS_MILLIS, operation)),
                new StatementResult.Latency(
                        NANOS_PER_MILLI * driver.number(Value.RESULT_READY_MILLIS, latency),
                        NANOS_PER_MILLI * driver.number(Value.CONSUMPTION_MILLIS, latency),
                        firstRowNanos(latency)),
                0);
    }

    /** The driver remembers when the first row was read, but counts from then on only. */
    private long firstRowNanos(@Nullable Object latency) {
        long at = startNanos == 0 ? 0 : driver.number(Value.FIRST_ROW_AT_NANOS, latency);
        return at == 0 ? 0 : at - startNanos;
    }

    /** The driver counts every Arrow result of the SQL execution API as links, although small ones come inline. */
    private ResultFormat format() {
        ResultFormat counted = counted();
        if (counted == ResultFormat.EXTERNAL_LINKS && driver.isFalse(Value.USED_CLOUD_FETCH, metaData)) {
            return ResultFormat.INLINE_ARROW;
        }
        boolean links = counted == ResultFormat.FORMAT_UNSPECIFIED && driver.isTrue(Value.USED_CLOUD_FETCH, metaData);
        return links ? ResultFormat.EXTERNAL_LINKS : counted;
    }

    private ResultFormat counted() {
        String name = driver.constant(Value.FORMAT, tracker);
        for (ResultFormat format : ResultFormat.values()) {
            if (format.name().equals(name)) {
                return format;
            }
        }
        return ResultFormat.FORMAT_UNSPECIFIED;
    }

    /** Of what a driver says nothing is shown. */
    @Override
    public String toString() {
        return "DriverResult";
    }
}
