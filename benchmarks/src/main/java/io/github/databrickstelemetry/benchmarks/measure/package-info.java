/** Measurements that JMH does not fit: throughput without loss, memory, whole processes. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
