package io.github.databrickstelemetry.jdbc.datasource;

import javax.sql.DataSource;

/**
 * Instruments data sources that are no beans: pools that an application makes for its tenants, or gives to a library.
 * Inject the bean of this type. Thread-safe.
 */
@FunctionalInterface
public interface DataSourceInstrumentation {

    /**
     * Instruments a data source before its first use. One that is instrumented already, or that has nothing to do with
     * Databricks, is returned as it is. Never throws.
     *
     * @param name stands for it in properties ({@code databricks.telemetry.data-sources.<name>}), metrics and status
     * @return the data source to use from now on: a pool of HikariCP's that has not started stays the very same object
     */
    DataSource instrument(String name, DataSource dataSource);
}
