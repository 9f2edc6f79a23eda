/** A JMH profiler for CPU time per operation. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
