/** Many sessions over several misbehaving workspaces for a long time, with exact sums at the end. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
