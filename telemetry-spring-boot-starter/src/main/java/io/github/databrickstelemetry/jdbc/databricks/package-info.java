/** Everything that knows the Databricks driver's classes and URL. */
@NullMarked
package io.github.databrickstelemetry.jdbc.databricks;

import org.jspecify.annotations.NullMarked;
