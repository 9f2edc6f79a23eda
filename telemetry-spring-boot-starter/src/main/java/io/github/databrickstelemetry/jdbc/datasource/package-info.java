/** Decides which data sources are instrumented, and how: below a pool, from outside, or not at all. */
@NullMarked
package io.github.databrickstelemetry.jdbc.datasource;

import org.jspecify.annotations.NullMarked;
