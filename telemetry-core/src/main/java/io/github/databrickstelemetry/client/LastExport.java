package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.export.ExportResult.ExportError;
import org.jspecify.annotations.Nullable;

/**
 * The last success and the last failure of a client's exports. Immutable.
 *
 * @param successMillis epoch milliseconds of the last export of which the service took any metric, 0 before the first
 * @param error class and status of the last failed export, or null before the first
 * @param errorMillis epoch milliseconds of that failure, 0 before the first
 */
public record LastExport(long successMillis, @Nullable ExportError error, long errorMillis) {

    /** No export yet. */
    public static final LastExport NONE = new LastExport(0, null, 0);
}
