/** Tests of the meters. */
@NullMarked
package io.github.databrickstelemetry.metrics;

import org.jspecify.annotations.NullMarked;
