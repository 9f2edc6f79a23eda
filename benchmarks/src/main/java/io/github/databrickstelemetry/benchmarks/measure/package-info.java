/** Measurements that do not fit JMH: throughput without loss, memory, whole processes. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
