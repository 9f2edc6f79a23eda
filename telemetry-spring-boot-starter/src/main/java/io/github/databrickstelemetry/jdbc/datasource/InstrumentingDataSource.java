package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.delegate.ForwardingDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source whose connections are instrumented. Everything else is passed on. */
final class InstrumentingDataSource extends ForwardingDataSource implements InstrumentedDataSource {

    private final DataSource target;
    private final DataSourceTelemetry telemetry;

    InstrumentingDataSource(DataSource target, DataSourceTelemetry telemetry) {
        this.target = target;
        this.telemetry = telemetry;
    }

    /** Whether its context, or its bean, has ended. */
    boolean isEnded() {
        return telemetry.isEnded();
    }

    @Override
    protected DataSource target() {
        return target;
    }

    @Override
    public @Nullable Connection getConnection() throws SQLException {
        long start = System.nanoTime();
        try {
            return telemetry.opened(target.getConnection(), start);
        } catch (Throwable failure) {
            telemetry.failed(failure);
            throw failure;
        }
    }

    @Override
    public @Nullable Connection getConnection(String username, String password) throws SQLException {
        long start = System.nanoTime();
        try {
            return telemetry.opened(target.getConnection(username, password), start);
        } catch (Throwable failure) {
            telemetry.failed(failure);
            throw failure;
        }
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
