package io.github.databrickstelemetry.jdbc.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source whose connections are observed. Everything else is passed on. */
final class InstrumentingDataSource extends ForwardingDataSource implements InstrumentedDataSource {

    private final DataSource target;
    private final ConnectionInstrumentation observer;

    InstrumentingDataSource(DataSource target, ConnectionInstrumentation observer) {
        this.target = target;
        this.observer = observer;
    }

    @Override
    DataSource target() {
        return target;
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
    public String toString() {
        return target.toString();
    }
}
