package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.JdbcSource;
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
     * @param beanName the bean it belongs to, without the prefix that a scope gives its name
     * @return how to observe it, or null when it is not to be observed
     */
    @Nullable
    DataSourceDescription resolve(String beanName, JdbcSource source);

    /**
     * Why a data source that could be observed is not. Asked after {@link #resolve} answered with null.
     *
     * @return null when it is none of ours, so that nobody expects to read of it
     */
    default @Nullable String reasonAgainst(String beanName, JdbcSource source) {
        return null;
    }
}
