package io.github.databrickstelemetry.standin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement as the driver sends it.
 *
 * @param sessionId of the session that runs it
 * @param sql its text
 * @param parameters in any order
 * @param cloudFetch whether the driver reads Arrow from cloud storage
 * @param lz4 whether it reads LZ4
 */
record StatementRequest(String sessionId, String sql, List<Parameter> parameters, boolean cloudFetch, boolean lz4) {

    /** A value for the marker at this position, counted from 1. */
    record Parameter(int ordinal, String type, @Nullable String value) {}
}
