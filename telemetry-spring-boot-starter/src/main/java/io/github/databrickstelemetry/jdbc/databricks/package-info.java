/**
 * Everything that knows the Databricks driver's classes and URL.
 *
 * <p>{@link io.github.databrickstelemetry.jdbc.databricks.DatabricksUrl} holds what is needed to instrument a data source:
 *
 * <pre>{@code
 * DatabricksUrl url = DatabricksUrl.parse(source);   // null: not a Databricks data source
 * new DataSourceDescription(
 *         beanName,
 *         new TelemetryTarget(url.host(), true, credentials, url.transport(), url.workspaceId(), url.orgId(), settings),
 *         SingletonSupplier.of(() -> url.details(classLoader)),
 *         new DatabricksDriverAdapter(),             // one per data source
 *         replace ? DriverTelemetry.OFF : Map.of());
 * }</pre>
 *
 * <p>where the credentials are {@link io.github.databrickstelemetry.jdbc.databricks.DatabricksUrl}'s own, or
 * others that the application names.
 */
@NullMarked
package io.github.databrickstelemetry.jdbc.databricks;

import org.jspecify.annotations.NullMarked;
