package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriver;
import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.util.List;
import java.util.Map;
import javax.sql.PooledConnection;
import javax.sql.XAConnection;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/**
 * Hints for code that ahead-of-time processing cannot find: JDK proxies, the driver's classes that are read by name, and
 * the getters of data sources. Without the records nothing is sent; without another hint the instrumentation does
 * less, and nothing fails.
 */
final class TelemetryRuntimeHints implements RuntimeHintsRegistrar {

    static final List<String> POOL_TYPES = List.of(
            "com.databricks.client.jdbc.DataSource",
            "com.zaxxer.hikari.HikariDataSource",
            "org.apache.commons.dbcp2.BasicDataSource",
            "org.apache.commons.dbcp2.PoolingDataSource$PoolGuardConnectionWrapper",
            "org.apache.tomcat.jdbc.pool.DataSource",
            "org.apache.tomcat.jdbc.pool.PoolProperties",
            "org.springframework.jdbc.datasource.DriverManagerDataSource",
            "org.springframework.jdbc.datasource.SimpleDriverDataSource");

    /** Types and their fields that hold other data sources or properties. */
    static final Map<String, List<String>> FIELDS = Map.of(
            "org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource",
            List.of("resolvedDataSources", "resolvedDefaultDataSource"),
            "org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy",
            List.of("readOnlyDataSource"),
            "org.apache.commons.dbcp2.BasicDataSource",
            List.of("connectionProperties"),
            "org.apache.tomcat.jdbc.pool.DataSourceProxy",
            List.of("pool"));

    /** Records that Jackson writes, with those that they consist of. */
    private static final List<String> WIRE_TYPES = List.of(
            "io.github.databrickstelemetry.export.internal.WireFormat$Request",
            "io.github.databrickstelemetry.export.internal.FrontendLog");

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        ReflectionHints reflection = hints.reflection();
        for (String type : DatabricksDriver.reflectedTypes()) {
            reflection.registerTypeIfPresent(
                    classLoader, type, MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.DECLARED_FIELDS);
        }
        for (String type : POOL_TYPES) {
            reflection.registerTypeIfPresent(classLoader, type, MemberCategory.INVOKE_PUBLIC_METHODS);
        }
        FIELDS.forEach((type, fields) ->
                reflection.registerTypeIfPresent(classLoader, type, hint -> fields.forEach(hint::withField)));
        for (String type : WIRE_TYPES) {
            new BindingReflectionHintsRegistrar()
                    .registerReflectionHints(reflection, ClassUtils.resolveClassName(type, classLoader));
        }
        for (Class<?> type :
                List.of(DatabaseMetaData.class, CallableStatement.class, PooledConnection.class, XAConnection.class)) {
            hints.proxies().registerJdkProxy(type);
        }
        // The parts of the live page.
        hints.resources().registerPattern("io/github/databrickstelemetry/actuate/page/*");
    }
}
