package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.JdbcContract;
import io.github.databrickstelemetry.jdbc.StubDriver;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the adapter, the queue, the provider or the resolver throw: the application does not notice. */
class FaultInjectionTest {

    /** The whole contract, with an adapter and a queue that throw whenever they are called. */
    abstract static class Faulty extends JdbcContract {

        Faulty(Throwable fault) throws SQLException {
            super(
                    H2.dataSource(H2.newDatabase()),
                    Instrumented.below(
                            H2.dataSource(H2.newDatabase()),
                            new RecordingTelemetry(event -> FaultInjectionTest.<Void>sneak(fault)),
                            new ThrowingAdapter(fault)),
                    H2.SQL);
        }
    }

    @Nested
    class WithARuntimeException extends Faulty {
        WithARuntimeException() throws SQLException {
            super(new IllegalStateException("fault"));
        }
    }

    @Nested
    class WithACheckedException extends Faulty {
        WithACheckedException() throws SQLException {
            super(new SQLException("fault"));
        }
    }

    @Nested
    class WithAMissingClass extends Faulty {
        WithAMissingClass() throws SQLException {
            super(new NoClassDefFoundError("fault"));
        }
    }

    @Nested
    class WithAStackOverflow extends Faulty {
        WithAStackOverflow() throws SQLException {
            super(new StackOverflowError("fault"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"acquire", "emitter", "release"})
    void survivesAProviderThatThrows(String method) throws SQLException {
        RecordingTelemetry telemetry = new RecordingTelemetry();
        TelemetryClient client = throwing(TelemetryClient.class, method, telemetry);
        TelemetryClientProvider provider = (TelemetryClientProvider) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TelemetryClientProvider.class},
                (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        throw new NoClassDefFoundError("fault");
                    }
                    return called.getName().equals("acquire") ? client : null;
                });
        DataSourceTelemetry source = new DataSourceTelemetry(
                RecordingTelemetry.observed("bean", DriverAdapter.NONE, Map.of()),
                () -> provider,
                Instrumented.guard());
        DataSource observed = new InstrumentingDataSource(new StubDriver().dataSource(), source);
        try (Connection connection = observed.getConnection()) {
            assertThat(connection.createStatement().executeQuery("x")).isNotNull();
        }
        source.failed(new SQLException());
        source.end();
        assertThat(source.guard.count()).isPositive();
    }

    @Test
    void leavesTheDataSourceAloneWhenTheResolverThrows() throws SQLException {
        DataSource bean = H2.dataSource(H2.newDatabase());
        DataSourceTelemetryPostProcessor postProcessor = new DataSourceTelemetryPostProcessor(
                () -> (name, source) -> FaultInjectionTest.sneak(new NoClassDefFoundError("fault")),
                RecordingTelemetry::new,
                Instrumented.guard());
        assertThat(postProcessor.postProcessBeforeInitialization(bean, "bean")).isSameAs(bean);
        assertThat(postProcessor.postProcessAfterInitialization(bean, "bean")).isSameAs(bean);
        assertThat(postProcessor.status())
                .singleElement()
                .satisfies(status -> assertThat(status.reason()).contains("NoClassDefFoundError"));
    }

    @Test
    void leavesTheDataSourceAloneWhenNothingCanBeHad() throws SQLException {
        DataSource bean = H2.dataSource(H2.newDatabase());
        for (DataSourceTelemetryPostProcessor postProcessor : new DataSourceTelemetryPostProcessor[] {
            new DataSourceTelemetryPostProcessor(() -> null, RecordingTelemetry::new, Instrumented.guard()),
            new DataSourceTelemetryPostProcessor(RecordingTelemetry::resolveAll, () -> null, Instrumented.guard()),
            new DataSourceTelemetryPostProcessor(
                    () -> sneak(new StackOverflowError("fault")), RecordingTelemetry::new, Instrumented.guard()),
            new DataSourceTelemetryPostProcessor(
                    RecordingTelemetry::resolveAll, () -> sneak(new StackOverflowError("fault")), Instrumented.guard())
        }) {
            assertThat(postProcessor.postProcessAfterInitialization(bean, "bean"))
                    .isSameAs(bean);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T throwing(Class<T> type, String method, T target) {
        return (T) Proxy.newProxyInstance(
                FaultInjectionTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        throw new NoClassDefFoundError("fault");
                    }
                    return called.invoke(target, arguments);
                });
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <R> R sneak(Throwable fault) {
        return FaultInjectionTest.<R, RuntimeException>sneakily(fault);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <R, T extends Throwable> R sneakily(Throwable fault) throws T {
        throw (T) fault;
    }

    private record ThrowingAdapter(Throwable fault) implements DriverAdapter {

        @Override
        public @Nullable String sessionId(Connection physical) {
            return sneak(fault);
        }

        @Override
        public @Nullable DeferredResult executed(Statement physical, @Nullable ResultSet resultSet, long startNanos) {
            return sneak(fault);
        }

        @Override
        public @Nullable StatementResult failed(Statement physical) {
            return sneak(fault);
        }

        @Override
        public @Nullable Object mark(Wrapper physical) {
            return sneak(fault);
        }

        @Override
        public @Nullable StatementResult ranSince(Wrapper physical, @Nullable Object mark) {
            return sneak(fault);
        }
    }
}
