/** Instrumented connections and statements, and what they report. */
@NullMarked
package io.github.databrickstelemetry.jdbc;

import org.jspecify.annotations.NullMarked;
