/**
 * From events to metrics: one metric per statement, and the bounded buffer in which metrics wait.
 */
@NullMarked
package io.github.databrickstelemetry.aggregate;

import org.jspecify.annotations.NullMarked;
