package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;

/**
 * A metric and its document as it stands in a request: a JSON string, quotes included. Made once per export, however the
 * batch is split afterwards.
 */
@SuppressWarnings("ArrayRecordComponent")
record EncodedMetric(TelemetryMetric metric, byte[] protoLog) {}
