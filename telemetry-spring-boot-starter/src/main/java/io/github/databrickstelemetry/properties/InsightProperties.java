package io.github.databrickstelemetry.properties;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the application's own traces, metrics and logs show of each statement. Independent of the workspace.
 *
 * @param traces Whether a span is made for each statement of a sampled trace.
 * @param rootSpans Whether a statement outside of any trace gets a span in a trace of its own.
 * @param metrics Whether meters for statements, phases and telemetry itself are registered.
 * @param log Which statements are logged by the logger databricks.sql.statement.
 * @param slowThreshold Duration from which a statement counts as slow.
 * @param mdc Whether the MDC contains databricks.statement_id from the end of an execute call until the connection is
 *     closed.
 * @param queryText Whether spans, statement log and recent statements contain the SQL text. It is never sent to the
 *     workspace.
 * @param recentStatements Number of slow statements and of failed statements that the actuator endpoint shows. 0
 *     switches them off.
 */
public record InsightProperties(
        @DefaultValue("true") boolean traces,
        @DefaultValue("false") boolean rootSpans,
        @DefaultValue("true") boolean metrics,
        @DefaultValue("off") StatementLogMode log,
        @DefaultValue("5s") Duration slowThreshold,
        @DefaultValue("false") boolean mdc,
        @DefaultValue("false") boolean queryText,
        @DefaultValue("50") int recentStatements) {}
