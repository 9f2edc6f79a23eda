/** A stand-in for a Databricks workspace, which the real driver talks to over loopback. */
@NullMarked
package io.github.databrickstelemetry.jdbc.databricks.workspace;

import org.jspecify.annotations.NullMarked;
