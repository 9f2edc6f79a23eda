/**
 * A stand-in for a Databricks workspace on a loopback port: enough of the SQL Statement Execution API for the real
 * JDBC driver, the feature-flag service, and the telemetry service, which keeps what it receives. Plain Java.
 */
@NullMarked
package io.github.databrickstelemetry.sample.workspace;

import org.jspecify.annotations.NullMarked;
