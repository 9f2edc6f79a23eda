package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.StatementResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows nothing, for tests to know a little. */
public class ForwardingAdapter implements DriverAdapter {

    @Override
    public @Nullable String sessionId(Connection physical) {
        return NONE.sessionId(physical);
    }

    @Override
    public @Nullable DeferredResult executed(Statement physical, @Nullable ResultSet resultSet, long startNanos) {
        return NONE.executed(physical, resultSet, startNanos);
    }

    @Override
    public @Nullable StatementResult failed(Statement physical) {
        return NONE.failed(physical);
    }

    @Override
    public @Nullable Object mark(Wrapper physical) {
        return NONE.mark(physical);
    }

    @Override
    public @Nullable StatementResult ranSince(Wrapper physical, @Nullable Object mark) {
        return NONE.ranSince(physical, mark);
    }

    @Override
    public String overriding(String url, Map<String, String> overrides) {
        return NONE.overriding(url, overrides);
    }
}
