package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every method of every wrapper reaches the driver's method of the same name with the same arguments. */
class DelegationTest {

    /** What the wrapper answers itself, or passes on as part of something else. */
    private static final Set<String> OWN = Set.of("equals", "hashCode", "getConnection", "unwrap");

    private record Seen(Method method, List<Object> arguments) {}

    private final List<Seen> seen = new ArrayList<>();
    private @Nullable Object answer;
    private @Nullable Throwable failure;

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
            assertThat(call.arguments()).isEqualTo(Arrays.asList(arguments));
            if (result instanceof Statement statement) {
                assertThat(statement).isInstanceOf(TrackedStatement.class);
            } else if (!(result instanceof DatabaseMetaData)) {
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
        InstrumentedConnection connection =
                (InstrumentedConnection) Instrumented.below(new StubDriver().dataSource(), new RecordingTelemetry())
                        .getConnection();
        InstrumentedConnection wrapped =
                new InstrumentedConnection(stub(Connection.class), connection.session(), connection.session());
        return Stream.of(
                        tests(Connection.class, wrapped, check),
                        tests(Statement.class, new InstrumentedStatement(stub(Statement.class), wrapped), check),
                        tests(
                                PreparedStatement.class,
                                new InstrumentedPreparedStatement(stub(PreparedStatement.class), wrapped),
                                check),
                        tests(
                                CallableStatement.class,
                                new InstrumentedCallableStatement(stub(CallableStatement.class), wrapped),
                                check),
                        tests(
                                DatabaseMetaData.class,
                                InstrumentedMetaData.of(stub(DatabaseMetaData.class), wrapped),
                                check))
                .flatMap(tests -> tests);
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

    private @Nullable Object value(Class<?> type) {
        if (type == boolean.class) {
            return true;
        }
        if (type == byte.class) {
            return (byte) 7;
        }
        if (type == short.class) {
            return (short) 7;
        }
        if (type == int.class) {
            return 7;
        }
        if (type == long.class) {
            return 7L;
        }
        if (type == float.class) {
            return 7f;
        }
        if (type == double.class) {
            return 7d;
        }
        if (type == String.class) {
            return "seven";
        }
        return type.isInterface() && type.getName().startsWith("java.sql") ? stub(type) : null;
    }
}
