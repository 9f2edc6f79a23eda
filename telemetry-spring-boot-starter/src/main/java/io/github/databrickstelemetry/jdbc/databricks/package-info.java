/** All that reads the Databricks driver's objects and its URL. */
@NullMarked
package io.github.databrickstelemetry.jdbc.databricks;

import org.jspecify.annotations.NullMarked;
