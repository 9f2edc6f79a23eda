/**
 * Traces, the statement log and recent statements: what the application's own tools show of each statement. Made on the
 * engine's worker from the finished metric, whatever the workspace's flag, breaker or network do.
 */
@NullMarked
package io.github.databrickstelemetry.insight;

import org.jspecify.annotations.NullMarked;
