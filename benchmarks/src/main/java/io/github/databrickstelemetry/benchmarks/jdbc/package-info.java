/** What instrumentation costs a statement: ours beside the peers. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.jdbc;

import org.jspecify.annotations.NullMarked;
