package io.github.databrickstelemetry.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * The SQL of the contract's scenarios in a database's own words.
 *
 * @param query a query that answers some rows
 * @param preparedQuery a query with one string parameter
 * @param update a statement that changes rows
 * @param preparedUpdate a statement with one string parameter that changes rows
 * @param failing a statement that the database refuses
 * @param call a call for {@code prepareCall}, or null where there is none
 */
public record ContractSql(
        String query,
        String preparedQuery,
        String update,
        String preparedUpdate,
        String failing,
        @Nullable String call) {}
