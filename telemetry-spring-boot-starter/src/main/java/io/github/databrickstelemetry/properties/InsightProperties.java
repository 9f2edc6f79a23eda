package io.github.databrickstelemetry.properties;

import java.time.Duration;

/** What the application's own traces, metrics and logs show of each statement. Independent of the workspace. */
public final class InsightProperties {

    /** Whether a span is made for each statement of a sampled trace. */
    private boolean traces = true;

    /** Whether a statement outside of any trace gets a span in a trace of its own. */
    private boolean rootSpans;

    /** Whether meters for statements, phases and telemetry itself are registered. */
    private boolean metrics = true;

    /** Which statements are logged by the logger databricks.sql.statement. */
    private StatementLogMode log = StatementLogMode.OFF;

    /** Duration from which a statement counts as slow. */
    private Duration slowThreshold = Duration.ofSeconds(5);

    /** Whether the MDC contains databricks.statement_id from the end of an execute call until the connection is closed. */
    private boolean mdc;

    /** Whether spans, statement log and recent statements contain the SQL text. It is never sent to the workspace. */
    private boolean queryText;

    /** Number of slow statements and of failed statements that the actuator endpoint shows. 0 switches them off. */
    private int recentStatements = 50;

    public boolean isTraces() {
        return traces;
    }

    public void setTraces(boolean traces) {
        this.traces = traces;
    }

    public boolean isRootSpans() {
        return rootSpans;
    }

    public void setRootSpans(boolean rootSpans) {
        this.rootSpans = rootSpans;
    }

    public boolean isMetrics() {
        return metrics;
    }

    public void setMetrics(boolean metrics) {
        this.metrics = metrics;
    }

    public StatementLogMode getLog() {
        return log;
    }

    public void setLog(StatementLogMode log) {
        this.log = log;
    }

    public Duration getSlowThreshold() {
        return slowThreshold;
    }

    public void setSlowThreshold(Duration slowThreshold) {
        this.slowThreshold = slowThreshold;
    }

    public boolean isMdc() {
        return mdc;
    }

    public void setMdc(boolean mdc) {
        this.mdc = mdc;
    }

    public boolean isQueryText() {
        return queryText;
    }

    public void setQueryText(boolean queryText) {
        this.queryText = queryText;
    }

    public int getRecentStatements() {
        return recentStatements;
    }

    public void setRecentStatements(int recentStatements) {
        this.recentStatements = recentStatements;
    }
}
