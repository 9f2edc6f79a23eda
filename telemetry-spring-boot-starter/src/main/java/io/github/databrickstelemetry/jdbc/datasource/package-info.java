/**
 * Decides which data sources are instrumented, and how: below a pool, from outside, or not at all.
 *
 * <p>The way of a bean: {@code DataSourceTelemetryPostProcessor} passes it on as a {@code Candidate}. {@code
 * DataSourceInstrumenter} finds out how it connects ({@code JdbcSourceReader}, {@code HikariInstrumentation}; behind others
 * with {@code SpringDataSources} and {@code Delegates}), asks the {@code DataSourceResolver}, and has it instrumented below
 * its pool ({@code HikariInstrumentation}) or outside ({@code DataSourceProxies}). {@code DriverProperties} switches the
 * driver's own telemetry off, {@code DataSourceRegistry} knows which bean closes it.
 *
 * <p>The way of a connection: {@code InstrumentingDataSource} or {@code ConnectionInterceptor} passes it to the {@code
 * DataSourceTelemetry}; outside a pool that is an {@code OutsideTelemetry}, which recognises the session that it belongs to.
 */
@NullMarked
package io.github.databrickstelemetry.jdbc.datasource;

import org.jspecify.annotations.NullMarked;
