/** Instrumentation of data sources, connections and statements. */
@NullMarked
package io.github.databrickstelemetry.jdbc;

import org.jspecify.annotations.NullMarked;
