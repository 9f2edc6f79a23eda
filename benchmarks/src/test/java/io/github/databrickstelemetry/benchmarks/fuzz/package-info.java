/** Fuzzing of what reads hostile text and hostile exceptions. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.fuzz;

import org.jspecify.annotations.NullMarked;
