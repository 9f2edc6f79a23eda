package io.github.databrickstelemetry.jdbc;

import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a data source tells of how it connects. May hold secrets, so it is never printed and not kept longer than
 * resolving takes.
 *
 * @param url the JDBC URL, or null when the data source does not show one
 * @param user the user name, or null
 * @param password the password, or null
 * @param properties further driver properties; never null
 */
public record JdbcSource(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password,
        Properties properties) {

    /** Says only that it is one: URL and properties may hold secrets. */
    @Override
    public String toString() {
        return "JdbcSource";
    }
}
