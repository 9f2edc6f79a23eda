/** Reads the objects of the Databricks driver, and what its URL says. */
@NullMarked
package io.github.databrickstelemetry.jdbc.databricks;

import org.jspecify.annotations.NullMarked;
