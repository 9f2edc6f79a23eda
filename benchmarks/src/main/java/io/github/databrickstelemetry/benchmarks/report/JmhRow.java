package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;

/** One line of JMH's results. */
record JmhRow(String benchmark, int threads, JsonNode parameters, JsonNode all) {

    static JmhRow of(JsonNode json) {
        String name = json.path("benchmark").asText();
        return new JmhRow(
                name.substring(name.lastIndexOf('.') + 1), json.path("threads").asInt(), json.path("params"), json);
    }

    String parameter(String name) {
        return parameters.path(name).asText("");
    }

    double score() {
        return all.path("primaryMetric").path("score").asDouble();
    }

    /** A score with its error bar; the error is the half-width of the 99.9 % confidence interval. */
    String primary() {
        return withError(all.path("primaryMetric"));
    }

    double secondary(String name) {
        return find(name).path("score").asDouble();
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
        String score = Table.number(metric.path("score").asDouble());
        return Double.isNaN(error) ? score : score + " \u00b1 " + Table.number(error);
    }
}
