package io.github.databrickstelemetry.jdbc.datasource;

import javax.sql.DataSource;

/**
 * Marks a data source whose connections are instrumented, so that nothing is instrumented twice: ask
 * {@code isWrapperFor(InstrumentedDataSource.class)}. Thread-safe.
 */
public interface InstrumentedDataSource extends DataSource {}
