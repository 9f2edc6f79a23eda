/**
 * From events to metrics: one metric per statement, and the bounded buffer of pending metrics.
 */
@NullMarked
package io.github.databrickstelemetry.aggregate.internal;

import org.jspecify.annotations.NullMarked;
