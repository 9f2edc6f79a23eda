/** An application that does nothing but start. */
@NullMarked
package io.github.databrickstelemetry.benchmarks.start;

import org.jspecify.annotations.NullMarked;
