package io.github.databrickstelemetry.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether a data source is observed, and as what. Called for each physical data source, at start-up or at its
 * first use; twice where it is configured between the first look and the last. Thread-safe; does no network I/O.
 */
@FunctionalInterface
public interface DataSourceResolver {

    /**
     * Resolves one data source.
     *
     * @param beanName the bean it belongs to
     * @return how to observe it, or null when it is not to be observed
     */
    @Nullable
    ObservedDataSource resolve(String beanName, JdbcSource source);
}
