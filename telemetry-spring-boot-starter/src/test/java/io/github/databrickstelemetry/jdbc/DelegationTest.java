package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Wrapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Comparator;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every method of every wrapper reaches the driver's method of the same name with the same arguments. Every argument has
 * a value of its own, so that swapped ones are noticed.
 */
class DelegationTest {

    /** What the wrapper answers itself, or passes on as part of something else. */
    private static final Set<String> OWN = Set.of("equals", "hashCode", "getConnection", "unwrap");

    private record Seen(Method method, List<Object> arguments) {}

    private final List<Seen> seen = new ArrayList<>();
    private @Nullable Object answer;
    private @Nullable Throwable failure;
    private int values;

    @TestFactory
    Stream<DynamicTest> passesOnTheCallAndTheAnswer() throws SQLException {
        return methods((wrapper, method) -> {
            Object[] arguments = arguments(method);
            seen.clear();
            failure = null;
            answer = value(method.getReturnType());
            Object result = method.invoke(wrapper, arguments);
            Seen call = seen.get(0);
            assertThat(call.method().getName()).isEqualTo(method.getName());
            assertThat(call.method().getParameterTypes()).isEqualTo(method.getParameterTypes());
            assertThat(call.arguments()).hasSameSizeAs(arguments);
            for (int i = 0; i < arguments.length; i++) {
                // Primitive values are boxed anew.
                if (method.getParameterTypes()[i].isPrimitive()) {
                    assertThat(call.arguments().get(i)).isEqualTo(arguments[i]);
                } else {
                    assertThat(call.arguments().get(i)).isSameAs(arguments[i]);
                }
            }
            if (result instanceof CallableStatement || result instanceof DatabaseMetaData) {
                assertThat(Proxy.isProxyClass(result.getClass())).isTrue();
                assertThat(result).isNotSameAs(answer);
            } else if (result instanceof Statement) {
                assertThat(result).isInstanceOf(InstrumentedStatement.class);
            } else {
                assertThat(result).isEqualTo(answer);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> throwsTheVerySameException() throws SQLException {
        return methods((wrapper, method) -> {
            for (Throwable thrown : List.of(
                    new SQLException("driver"),
                    new IllegalStateException("driver"),
                    new StackOverflowError("driver"))) {
                if (declares(method, thrown)) {
                    failure = thrown;
                    Throwable caught = catchThrowable(() -> method.invoke(wrapper, arguments(method)));
                    assertThat(caught).isInstanceOf(InvocationTargetException.class);
                    assertThat(caught.getCause()).isSameAs(thrown);
                }
            }
        });
    }

    private static boolean declares(Method method, Throwable thrown) {
        return !(thrown instanceof SQLException)
                || Arrays.asList(method.getExceptionTypes()).contains(SQLException.class);
    }

    private interface Check {
        void check(Object wrapper, Method method) throws Exception;
    }

    private Stream<DynamicTest> methods(Check check) throws SQLException {
        InstrumentedConnection wrapped = connection();
        return Stream.of(
                        tests(Connection.class, wrapped, check),
                        tests(Statement.class, new InstrumentedStatement<>(stub(Statement.class), wrapped), check),
                        tests(
                                PreparedStatement.class,
                                new InstrumentedPreparedStatement(stub(PreparedStatement.class), "sql", wrapped),
                                check),
                        tests(CallableStatement.class, callable(wrapped), check),
                        tests(
                                DatabaseMetaData.class,
                                new InstrumentedMetaData(stub(DatabaseMetaData.class), wrapped).shown,
                                check))
                .flatMap(tests -> tests);
    }

    private InstrumentedConnection connection() throws SQLException {
        InstrumentedConnection connection =
                (InstrumentedConnection) Instrumented.below(new StubDriver().dataSource(), new RecordingTelemetry())
                        .getConnection();
        return new InstrumentedConnection(stub(Connection.class), connection.session, connection.session);
    }

    /** A driver may give one object to several connections. */
    @Test
    void metadataIsEqualWhereTheDriversIs() throws SQLException {
        DatabaseMetaData own = stub(DatabaseMetaData.class);
        answer = own;
        DatabaseMetaData metaData = connection().getMetaData();
        DatabaseMetaData ofAnotherConnection = connection().getMetaData();
        answer = stub(DatabaseMetaData.class);
        DatabaseMetaData another = connection().getMetaData();
        assertThat(metaData)
                .isNotSameAs(ofAnotherConnection)
                .isEqualTo(ofAnotherConnection)
                .hasSameHashCodeAs(ofAnotherConnection)
                .isNotEqualTo(another)
                .isNotEqualTo(own)
                .isNotEqualTo(null);
    }

    @Test
    void onlyGetConnectionOfTheMetadataHidesTheDriversConnection() throws SQLException {
        InstrumentedConnection connection = connection();
        DatabaseMetaData metaData = new InstrumentedMetaData(stub(DatabaseMetaData.class), connection).shown;
        answer = connection.delegate();
        assertThat(metaData.getConnection()).isSameAs(connection);
        assertThat(metaData.unwrap(Wrapper.class)).isSameAs(answer);
    }

    private CallableStatement callable(InstrumentedConnection connection) throws SQLException {
        answer = stub(CallableStatement.class);
        CallableStatement callable = connection.prepareCall("sql");
        assertThat(callable).isNotSameAs(answer);
        return callable;
    }

    private static Stream<DynamicTest> tests(Class<?> type, Object wrapper, Check check) {
        return Stream.of(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !OWN.contains(method.getName()))
                .sorted(Comparator.comparing(Method::toString))
                .map(method -> DynamicTest.dynamicTest(method.toString(), () -> check.check(wrapper, method)));
    }

    @SuppressWarnings("unchecked")
    private <T> T stub(Class<T> type) {
        return (T) Proxy.newProxyInstance(
                DelegationTest.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> arguments != null && proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> type.getSimpleName();
                    default -> {
                        seen.add(new Seen(method, Arrays.asList(arguments == null ? new Object[0] : arguments)));
                        if (failure != null) {
                            throw failure;
                        }
                        yield answer;
                    }
                });
    }

    private Object[] arguments(Method method) {
        return Stream.of(method.getParameterTypes()).map(this::value).toArray();
    }

    /** Another value with each call, but for booleans. */
    private @Nullable Object value(Class<?> type) {
        int next = ++values;
        if (type == boolean.class) {
            return next % 2 == 0;
        }
        if (type == byte.class) {
            return (byte) next;
        }
        if (type == short.class) {
            return (short) next;
        }
        if (type == int.class) {
            return next;
        }
        if (type == long.class) {
            return (long) next;
        }
        if (type == float.class) {
            return (float) next;
        }
        if (type == double.class) {
            return (double) next;
        }
        if (type == void.class) {
            return null;
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 1);
        }
        return type.isInterface() ? stub(type) : object(type, next);
    }

    private static Object object(Class<?> type, int next) {
        Map<Class<?>, Supplier<Object>> objects = Map.ofEntries(
                Map.entry(String.class, () -> "text" + next),
                Map.entry(Object.class, Object::new),
                Map.entry(Class.class, () -> next % 2 == 0 ? String.class : Integer.class),
                Map.entry(Date.class, () -> new Date(next)),
                Map.entry(Time.class, () -> new Time(next)),
                Map.entry(Timestamp.class, () -> new Timestamp(next)),
                Map.entry(BigDecimal.class, () -> new BigDecimal(next)),
                Map.entry(Calendar.class, GregorianCalendar::new),
                Map.entry(InputStream.class, InputStream::nullInputStream),
                Map.entry(Reader.class, Reader::nullReader),
                Map.entry(URL.class, () -> url(next)),
                Map.entry(Properties.class, Properties::new),
                Map.entry(SQLWarning.class, () -> new SQLWarning("warning " + next)),
                Map.entry(RowIdLifetime.class, () -> RowIdLifetime.ROWID_UNSUPPORTED));
        return Objects.requireNonNull(objects.get(type), () -> "a value for " + type)
                .get();
    }

    private static URL url(int next) {
        try {
            return URI.create("http://host" + next).toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
