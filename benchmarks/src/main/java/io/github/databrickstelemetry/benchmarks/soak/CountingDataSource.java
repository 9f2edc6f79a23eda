package io.github.databrickstelemetry.benchmarks.soak;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Counts physical connections, below the instrumentation. */
final class CountingDataSource extends DelegatingDataSource {

    private final LongAdder opened;
    private final LongAdder closed;

    CountingDataSource(DataSource target, LongAdder opened, LongAdder closed) {
        super(target);
        this.opened = opened;
        this.closed = closed;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        opened.increment();
        AtomicBoolean first = new AtomicBoolean(true);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close") && first.getAndSet(false)) {
                        closed.increment();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
