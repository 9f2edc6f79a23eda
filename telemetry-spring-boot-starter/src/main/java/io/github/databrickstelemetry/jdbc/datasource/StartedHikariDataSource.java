package io.github.databrickstelemetry.jdbc.datasource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.pool.HikariPool;
import com.zaxxer.hikari.util.Credentials;
import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a HikariCP pool that has started, whose configuration is sealed: it is one by type, and passes every call
 * on to the pool but for {@code getConnection}, whose connections are observed. Its own state is never used.
 */
final class StartedHikariDataSource extends HikariDataSource implements InstrumentedDataSource {

    private final HikariDataSource target;
    private final ConnectionInstrumentation observer;

    /** Hides the field of the superclass: Spring Boot reads the pool's metrics from a field of this name. */
    @SuppressWarnings({"unused", "UnusedVariable"})
    private final @Nullable HikariPool pool;

    StartedHikariDataSource(HikariDataSource target, ConnectionInstrumentation observer) {
        this.target = target;
        this.observer = observer;
        this.pool = target.getHikariPoolMXBean() instanceof HikariPool started ? started : null;
        // A setting that this version of HikariCP has and the one that we were compiled with has not.
        target.copyStateTo(this);
    }

    @Override
    public @Nullable Connection getConnection() throws SQLException {
        long start = System.nanoTime();
        try {
            return observer.opened(target.getConnection(), start);
        } catch (Throwable failure) {
            observer.failed(failure);
            throw failure;
        }
    }

    @Override
    @SuppressWarnings("deprecation")
    public @Nullable Connection getConnection(String username, String password) throws SQLException {
        long start = System.nanoTime();
        try {
            return observer.opened(target.getConnection(username, password), start);
        } catch (Throwable failure) {
            observer.failed(failure);
            throw failure;
        }
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
        return iface.isInstance(this) ? iface.cast(this) : target.unwrap(iface);
    }

    @Override
    public boolean isWrapperFor(Class<?> iface) throws SQLException {
        return iface.isInstance(this) || target.isWrapperFor(iface);
    }

    @Override
    public void copyStateTo(HikariConfig other) {
        target.copyStateTo(other);
    }

    @Override
    public String toString() {
        return target.toString();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return target.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter value) throws SQLException {
        target.setLogWriter(value);
    }

    @Override
    public void setLoginTimeout(int value) throws SQLException {
        target.setLoginTimeout(value);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return target.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return target.getParentLogger();
    }

    @Override
    public void setMetricRegistry(Object value) {
        target.setMetricRegistry(value);
    }

    @Override
    public void setMetricsTrackerFactory(MetricsTrackerFactory value) {
        target.setMetricsTrackerFactory(value);
    }

    @Override
    public void setHealthCheckRegistry(Object value) {
        target.setHealthCheckRegistry(value);
    }

    @Override
    public boolean isRunning() {
        return target.isRunning();
    }

    @Override
    public HikariPoolMXBean getHikariPoolMXBean() {
        return target.getHikariPoolMXBean();
    }

    @Override
    public HikariConfigMXBean getHikariConfigMXBean() {
        return target.getHikariConfigMXBean();
    }

    @Override
    public void evictConnection(Connection value) {
        // The pool ignores what is not its own.
        target.evictConnection(value instanceof InstrumentedConnection observed ? observed.delegate() : value);
    }

    @Override
    public void close() {
        target.close();
    }

    @Override
    public boolean isClosed() {
        return target.isClosed();
    }

    @Override
    public String getCatalog() {
        return target.getCatalog();
    }

    @Override
    public void setCatalog(String value) {
        target.setCatalog(value);
    }

    @Override
    public long getConnectionTimeout() {
        return target.getConnectionTimeout();
    }

    @Override
    public void setConnectionTimeout(long value) {
        target.setConnectionTimeout(value);
    }

    @Override
    public long getIdleTimeout() {
        return target.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long value) {
        target.setIdleTimeout(value);
    }

    @Override
    public long getLeakDetectionThreshold() {
        return target.getLeakDetectionThreshold();
    }

    @Override
    public void setLeakDetectionThreshold(long value) {
        target.setLeakDetectionThreshold(value);
    }

    @Override
    public long getMaxLifetime() {
        return target.getMaxLifetime();
    }

    @Override
    public void setMaxLifetime(long value) {
        target.setMaxLifetime(value);
    }

    @Override
    public int getMaximumPoolSize() {
        return target.getMaximumPoolSize();
    }

    @Override
    public void setMaximumPoolSize(int value) {
        target.setMaximumPoolSize(value);
    }

    @Override
    public int getMinimumIdle() {
        return target.getMinimumIdle();
    }

    @Override
    public void setMinimumIdle(int value) {
        target.setMinimumIdle(value);
    }

    @Override
    public String getPassword() {
        return target.getPassword();
    }

    @Override
    public void setPassword(String value) {
        target.setPassword(value);
    }

    @Override
    public String getUsername() {
        return target.getUsername();
    }

    @Override
    public void setUsername(String value) {
        target.setUsername(value);
    }

    @Override
    public void setCredentials(Credentials value) {
        target.setCredentials(value);
    }

    @Override
    public Credentials getCredentials() {
        return target.getCredentials();
    }

    @Override
    public long getValidationTimeout() {
        return target.getValidationTimeout();
    }

    @Override
    public void setValidationTimeout(long value) {
        target.setValidationTimeout(value);
    }

    @Override
    public String getConnectionTestQuery() {
        return target.getConnectionTestQuery();
    }

    @Override
    public void setConnectionTestQuery(String value) {
        target.setConnectionTestQuery(value);
    }

    @Override
    public String getConnectionInitSql() {
        return target.getConnectionInitSql();
    }

    @Override
    public void setConnectionInitSql(String value) {
        target.setConnectionInitSql(value);
    }

    @Override
    public DataSource getDataSource() {
        return target.getDataSource();
    }

    @Override
    public void setDataSource(DataSource value) {
        target.setDataSource(value);
    }

    @Override
    public String getDataSourceClassName() {
        return target.getDataSourceClassName();
    }

    @Override
    public void setDataSourceClassName(String value) {
        target.setDataSourceClassName(value);
    }

    @Override
    public void addDataSourceProperty(String name, Object value) {
        target.addDataSourceProperty(name, value);
    }

    @Override
    public String getDataSourceJNDI() {
        return target.getDataSourceJNDI();
    }

    @Override
    public void setDataSourceJNDI(String value) {
        target.setDataSourceJNDI(value);
    }

    @Override
    public Properties getDataSourceProperties() {
        return target.getDataSourceProperties();
    }

    @Override
    public void setDataSourceProperties(Properties value) {
        target.setDataSourceProperties(value);
    }

    @Override
    public String getDriverClassName() {
        return target.getDriverClassName();
    }

    @Override
    public void setDriverClassName(String value) {
        target.setDriverClassName(value);
    }

    @Override
    public String getJdbcUrl() {
        return target.getJdbcUrl();
    }

    @Override
    public void setJdbcUrl(String value) {
        target.setJdbcUrl(value);
    }

    @Override
    public boolean isAutoCommit() {
        return target.isAutoCommit();
    }

    @Override
    public void setAutoCommit(boolean value) {
        target.setAutoCommit(value);
    }

    @Override
    public boolean isAllowPoolSuspension() {
        return target.isAllowPoolSuspension();
    }

    @Override
    public void setAllowPoolSuspension(boolean value) {
        target.setAllowPoolSuspension(value);
    }

    @Override
    public long getInitializationFailTimeout() {
        return target.getInitializationFailTimeout();
    }

    @Override
    public void setInitializationFailTimeout(long value) {
        target.setInitializationFailTimeout(value);
    }

    @Override
    public boolean isIsolateInternalQueries() {
        return target.isIsolateInternalQueries();
    }

    @Override
    public void setIsolateInternalQueries(boolean value) {
        target.setIsolateInternalQueries(value);
    }

    @Override
    public MetricsTrackerFactory getMetricsTrackerFactory() {
        return target.getMetricsTrackerFactory();
    }

    @Override
    public Object getMetricRegistry() {
        return target.getMetricRegistry();
    }

    @Override
    public Object getHealthCheckRegistry() {
        return target.getHealthCheckRegistry();
    }

    @Override
    public Properties getHealthCheckProperties() {
        return target.getHealthCheckProperties();
    }

    @Override
    public void setHealthCheckProperties(Properties value) {
        target.setHealthCheckProperties(value);
    }

    @Override
    public void addHealthCheckProperty(String name, String value) {
        target.addHealthCheckProperty(name, value);
    }

    @Override
    public long getKeepaliveTime() {
        return target.getKeepaliveTime();
    }

    @Override
    public void setKeepaliveTime(long value) {
        target.setKeepaliveTime(value);
    }

    @Override
    public boolean isReadOnly() {
        return target.isReadOnly();
    }

    @Override
    public void setReadOnly(boolean value) {
        target.setReadOnly(value);
    }

    @Override
    public boolean isRegisterMbeans() {
        return target.isRegisterMbeans();
    }

    @Override
    public void setRegisterMbeans(boolean value) {
        target.setRegisterMbeans(value);
    }

    @Override
    public String getPoolName() {
        return target.getPoolName();
    }

    @Override
    public void setPoolName(String value) {
        target.setPoolName(value);
    }

    @Override
    public ScheduledExecutorService getScheduledExecutor() {
        return target.getScheduledExecutor();
    }

    @Override
    public void setScheduledExecutor(ScheduledExecutorService value) {
        target.setScheduledExecutor(value);
    }

    @Override
    public String getTransactionIsolation() {
        return target.getTransactionIsolation();
    }

    @Override
    public String getSchema() {
        return target.getSchema();
    }

    @Override
    public void setSchema(String value) {
        target.setSchema(value);
    }

    @Override
    public String getExceptionOverrideClassName() {
        return target.getExceptionOverrideClassName();
    }

    @Override
    public void setExceptionOverrideClassName(String value) {
        target.setExceptionOverrideClassName(value);
    }

    @Override
    public SQLExceptionOverride getExceptionOverride() {
        return target.getExceptionOverride();
    }

    @Override
    public void setExceptionOverride(SQLExceptionOverride value) {
        target.setExceptionOverride(value);
    }

    @Override
    public void setTransactionIsolation(String value) {
        target.setTransactionIsolation(value);
    }

    @Override
    public ThreadFactory getThreadFactory() {
        return target.getThreadFactory();
    }

    @Override
    public void setThreadFactory(ThreadFactory value) {
        target.setThreadFactory(value);
    }

    @Override
    public void validate() {
        target.validate();
    }
}
