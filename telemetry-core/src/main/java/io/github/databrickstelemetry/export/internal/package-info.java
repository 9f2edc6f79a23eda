/**
 * The workspace's telemetry service: wire format, paths, retry.
 */
@NullMarked
package io.github.databrickstelemetry.export.internal;

import org.jspecify.annotations.NullMarked;
