/** A small web application that queries Databricks SQL, with telemetry. */
@NullMarked
package io.github.databrickstelemetry.sample;

import org.jspecify.annotations.NullMarked;
