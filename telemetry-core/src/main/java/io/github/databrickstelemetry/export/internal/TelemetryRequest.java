package io.github.databrickstelemetry.export.internal;

import java.util.List;

/**
 * The body of one request.
 *
 * @param items always empty; the service expects the name
 * @param protoLogs JSON documents, each in a string of its own
 */
record TelemetryRequest(long uploadTime, List<String> items, List<String> protoLogs) {}
