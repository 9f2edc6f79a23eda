package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.ResultFormat;
import io.github.databrickstelemetry.event.StatementResult;
import org.jspecify.annotations.Nullable;

/**
 * One execution as the driver counts it, to be read when its statement has ended. The driver's objects go on counting,
 * and hold no rows.
 *
 * @param id the server's id of the statement
 * @param startNanos {@link System#nanoTime()} before the execute call, or 0 when not known
 * @param tracker where the driver counts, or null
 * @param metaData of the result set, or null
 * @param compressed whether the result came compressed
 */
record DriverResult(
        DriverObjects driver,
        String id,
        long startNanos,
        @Nullable Object tracker,
        @Nullable Object metaData,
        boolean compressed)
        implements DeferredResult {

    @Override
    public StatementResult read() {
        StatementCounters counters = driver.counters();
        ResultFormat format = format(counters.format(tracker), driver.usedCloudFetch(metaData));
        return counters.result(tracker, id, startNanos, format, compressed, driver.chunkCount(metaData));
    }

    /** The driver counts every Arrow result of the SQL execution API as links, although small ones come inline. */
    private static ResultFormat format(@Nullable String counted, @Nullable Boolean cloudFetch) {
        ResultFormat format = named(counted);
        if (cloudFetch == null) {
            return format;
        }
        if (format == ResultFormat.EXTERNAL_LINKS && !cloudFetch) {
            return ResultFormat.INLINE_ARROW;
        }
        return format == ResultFormat.FORMAT_UNSPECIFIED && cloudFetch ? ResultFormat.EXTERNAL_LINKS : format;
    }

    private static ResultFormat named(@Nullable String name) {
        if (name != null) {
            for (ResultFormat format : ResultFormat.values()) {
                if (format.name().equals(name)) {
                    return format;
                }
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
