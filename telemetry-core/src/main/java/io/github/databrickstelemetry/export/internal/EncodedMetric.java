package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;

/**
 * A metric and its JSON document, which is kept when the batch is split.
 *
 * @param size bytes of the document in a request, where it is a JSON string, comma included
 */
record EncodedMetric(TelemetryMetric metric, String protoLog, int size) {}
