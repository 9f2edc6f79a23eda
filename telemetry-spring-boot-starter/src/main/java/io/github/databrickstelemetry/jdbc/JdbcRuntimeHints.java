package io.github.databrickstelemetry.jdbc;

import java.sql.DatabaseMetaData;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What instrumentation reflects upon, for native images. Without a hint it does less, and nothing fails. */
final class JdbcRuntimeHints implements RuntimeHintsRegistrar {

    /** Data sources whose getters tell how they connect, and a pool's connection that tells what is behind it. */
    private static final List<String> READ = List.of(
            "com.databricks.client.jdbc.DataSource",
            "org.apache.commons.dbcp2.BasicDataSource",
            "org.apache.commons.dbcp2.PoolingDataSource$PoolGuardConnectionWrapper",
            "org.apache.tomcat.jdbc.pool.DataSource",
            "org.apache.tomcat.jdbc.pool.PoolProperties",
            "org.springframework.jdbc.datasource.DriverManagerDataSource",
            "org.springframework.jdbc.datasource.SimpleDriverDataSource");

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.proxies().registerJdkProxy(DatabaseMetaData.class);
        for (String type : READ) {
            hints.reflection().registerTypeIfPresent(classLoader, type, MemberCategory.INVOKE_PUBLIC_METHODS);
        }
        hints.reflection()
                .registerTypeIfPresent(
                        classLoader,
                        "org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource",
                        type -> type.withField("resolvedDataSources").withField("resolvedDefaultDataSource"))
                .registerTypeIfPresent(
                        classLoader,
                        "org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy",
                        type -> type.withField("readOnlyDataSource"))
                .registerTypeIfPresent(
                        classLoader,
                        "org.apache.commons.dbcp2.BasicDataSource",
                        type -> type.withField("connectionProperties"))
                .registerTypeIfPresent(
                        classLoader, "org.apache.tomcat.jdbc.pool.DataSourceProxy", type -> type.withField("pool"));
    }
}
