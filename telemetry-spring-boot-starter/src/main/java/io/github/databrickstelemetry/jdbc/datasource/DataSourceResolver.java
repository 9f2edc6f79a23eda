package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a data source is instrumented, and as what. Called for each physical data source, at start-up or at its
 * first use; twice where it is configured between the first look and the last. Thread-safe; does no network I/O.
 */
@FunctionalInterface
public interface DataSourceResolver {

    /**
     * Resolves one data source.
     *
     * @param beanName the bean it belongs to, without the prefix that a scope gives its name
     * @return how to instrument it, or null to leave it alone
     */
    @Nullable
    DataSourceDescription resolve(String beanName, JdbcSource source);

    /**
     * Why a data source that could be instrumented is not. Asked after {@link #resolve} answered with null.
     *
     * @return null when it has nothing to do with Databricks, and is not listed
     */
    default @Nullable String reasonAgainst(String beanName, JdbcSource source) {
        return null;
    }
}
