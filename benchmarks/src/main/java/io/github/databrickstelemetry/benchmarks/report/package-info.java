/** Writes the report. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.report;

import org.jspecify.annotations.NullMarked;
