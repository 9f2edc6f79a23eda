/**
 * A Databricks workspace that listens on loopback, so that an application can be tested without a real one. Start with
 * {@link io.github.databrickstelemetry.standin.WorkspaceStandIn}.
 */
@NullMarked
package io.github.databrickstelemetry.standin;

import org.jspecify.annotations.NullMarked;
