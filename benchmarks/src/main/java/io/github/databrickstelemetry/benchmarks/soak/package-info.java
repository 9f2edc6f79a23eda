/** Many sessions over several misbehaving workspaces for a long time, with an exact account at the end. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
