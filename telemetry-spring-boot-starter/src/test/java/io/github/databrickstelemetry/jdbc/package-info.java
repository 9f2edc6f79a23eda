/** Tests of the instrumentation. */
@NullMarked
package io.github.databrickstelemetry.jdbc;

import org.jspecify.annotations.NullMarked;
