package io.github.databrickstelemetry.jdbc;

import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a data source tells of how it connects. May hold secrets, so it is never printed.
 *
 * @param url the JDBC URL, or null when the data source does not show one
 * @param user the user name, or null
 * @param password the password, or null
 * @param properties further driver properties; never null
 * @param now reads the data source again, or null if it does not change
 */
public record JdbcSource(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password,
        Properties properties,
        @Nullable Supplier<JdbcSource> now) {

    /** A data source that does not change. */
    public JdbcSource(@Nullable String url, @Nullable String user, @Nullable String password, Properties properties) {
        this(url, user, password, properties, null);
    }

    /**
     * What the data source tells at this moment, as passwords may change. May call the application's code, which may block
     * and throw.
     */
    public JdbcSource current() {
        return now == null ? this : now.get();
    }

    /** Says only that it is one: URL and properties may hold secrets. */
    @Override
    public String toString() {
        return "JdbcSource";
    }
}
