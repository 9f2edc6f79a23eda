@NullMarked
package io.github.databrickstelemetry.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
