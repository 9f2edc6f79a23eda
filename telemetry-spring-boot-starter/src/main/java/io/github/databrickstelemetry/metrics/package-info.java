/** Meters for Micrometer. */
@NullMarked
package io.github.databrickstelemetry.metrics;

import org.jspecify.annotations.NullMarked;
