/** A fleet of applications against one workspace, simulated. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
