package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;

/**
 * A metric and its JSON document. Made once an export, however the batch is split afterwards.
 *
 * @param size bytes of the document in a request, where it is a JSON string, comma included
 */
record EncodedMetric(TelemetryMetric metric, String protoLog, int size) {}
