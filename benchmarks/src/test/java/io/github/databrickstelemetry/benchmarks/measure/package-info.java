@NullMarked
package io.github.databrickstelemetry.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
