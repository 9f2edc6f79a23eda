package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.client.TelemetryStatistics.LastExport;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;

/**
 * Counters of an additional exporter. Immutable. As for a client, {@code metrics.made} is the sum of all its other counts.
 *
 * @param name the simple name of the exporter's class
 * @param metrics counters of metrics
 * @param lastExport the last success and the last failure
 */
public record ExporterStatistics(String name, MetricCounts metrics, LastExport lastExport) {}
