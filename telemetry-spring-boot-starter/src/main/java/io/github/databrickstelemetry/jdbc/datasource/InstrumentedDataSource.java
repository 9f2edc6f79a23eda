package io.github.databrickstelemetry.jdbc.datasource;

import javax.sql.DataSource;

/**
 * Marks a data source whose connections are observed, so that nothing is observed twice: ask
 * {@code isWrapperFor(InstrumentedDataSource.class)}. Thread-safe.
 */
public interface InstrumentedDataSource extends DataSource {}
