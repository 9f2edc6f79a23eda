package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** One line of JMH's results. */
record JmhRow(String benchmark, int threads, JsonNode parameters, JsonNode all) {

    /** A row of which nothing was measured. */
    static final JmhRow NONE = new JmhRow("", 0, MissingNode.getInstance(), MissingNode.getInstance());

    static JmhRow of(JsonNode json) {
        String name = json.path("benchmark").asText();
        return new JmhRow(
                name.substring(name.lastIndexOf('.') + 1), json.path("threads").asInt(), json.path("params"), json);
    }

    String parameter(String name) {
        return parameters.path(name).asText("");
    }

    double score() {
        return all.path("primaryMetric").path("score").asDouble(Double.NaN);
    }

    /** A score with its error bar; the error is the half-width of the 99.9 % confidence interval. */
    String primary() {
        return withError(all.path("primaryMetric"));
    }

    /** Not a number if it was not measured. */
    double secondary(String name) {
        return find(name).path("score").asDouble(Double.NaN);
    }

    /** Half of the 99.9 % confidence interval, over the score. */
    double relativeError(String name) {
        JsonNode metric = find(name);
        return metric.path("scoreError").asDouble(Double.NaN)
                / metric.path("score").asDouble(Double.NaN);
    }

    String secondaryText(String name) {
        return withError(find(name));
    }

    private JsonNode find(String name) {
        JsonNode metrics = all.path("secondaryMetrics");
        return metrics.has(name) ? metrics.path(name) : metrics.path("\u00b7" + name);
    }

    private static String withError(JsonNode metric) {
        double error = metric.path("scoreError").asDouble(Double.NaN);
        String score = Table.number(metric.path("score").asDouble(Double.NaN));
        return Double.isNaN(error) ? score : score + " \u00b1 " + Table.number(error);
    }
}
