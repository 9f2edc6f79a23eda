/**
 * From metrics to the workspace's telemetry service: wire format, paths, retry, classification of failures.
 */
@NullMarked
package io.github.databrickstelemetry.export;

import org.jspecify.annotations.NullMarked;
