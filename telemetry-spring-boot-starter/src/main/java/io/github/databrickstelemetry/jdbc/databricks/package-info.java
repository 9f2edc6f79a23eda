/** All that knows the Databricks driver's classes and its URL. */
@NullMarked
package io.github.databrickstelemetry.jdbc.databricks;

import org.jspecify.annotations.NullMarked;
