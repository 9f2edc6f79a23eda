package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import com.p6spy.engine.spy.P6DataSource;
import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.jdbc.datasource.JdbcTelemetry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.support.ProxyDataSource;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Pools that are no beans, behind wrappers of other libraries and of the application. */
class WrappersTest {

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();
    private final String url = contexts.url();

    WrappersTest() {
        contexts.resolve((beanName, source) ->
                source.url() == null ? null : RecordingTelemetry.observed(beanName, DriverAdapter.NONE, Map.of()));
    }

    /** As applications write them. */
    public static class Own extends AbstractDataSource {

        private final DataSource target;

        public Own(DataSource target) {
            this.target = target;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return target.getConnection();
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return target.getConnection(username, password);
        }
    }

    /** As dynamic-datasource's router. */
    public static class OwnRouter extends AbstractDataSource {

        private final Map<String, DataSource> targets = new LinkedHashMap<>();
        private String route = "a";

        public OwnRouter(DataSource a, DataSource b) {
            targets.put("a", a);
            targets.put("b", new Own(b));
        }

        @Override
        public Connection getConnection() throws SQLException {
            return Objects.requireNonNull(targets.get(route)).getConnection();
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }

    static Stream<Named<Function<DataSource, DataSource>>> wrappers() {
        return Stream.of(
                Named.of("datasource-proxy", ProxyDataSource::new),
                Named.of("P6Spy", P6DataSource::new),
                Named.of(
                        "OpenTelemetry",
                        target -> JdbcTelemetry.create(OpenTelemetry.noop()).wrap(target)),
                Named.of("the application's own", Own::new),
                Named.of("a wrapper around a wrapper", target -> new Own(new ProxyDataSource(target))));
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void instrumentsAPoolBelowItsWrapper(Function<DataSource, DataSource> wrapper) throws SQLException {
        HikariDataSource pool = contexts.hikari();
        DataSource wrapped = wrapper.apply(pool);
        try (AnnotationConfigApplicationContext context = contexts.with(DataSource.class, () -> wrapped)) {
            assertThat(context.getBean(DataSource.class)).isSameAs(wrapped);
            Contexts.query(wrapped);
            Contexts.query(wrapped);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "start QUERY", "complete");
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::instrumentation)
                    .containsExactly(Instrumentation.BELOW_POOL);
        }
        assertThat(telemetry.lines()).as("the pool lives on").endsWith("close");
        pool.close();
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void wrapsTheWrapperOfAnotherDataSource(Function<DataSource, DataSource> wrapper) throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(DataSource.class, () -> wrapper.apply(new DriverManagerDataSource(url)))) {
            Contexts.query(context.getBean(DataSource.class));
            assertThat(telemetry.lines()).startsWith("open", "start QUERY", "complete");
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::instrumentation)
                    .containsExactly(Instrumentation.OUTSIDE);
        }
    }

    @Test
    void instrumentsThePoolsOfARouterOfTheApplications() throws SQLException {
        HikariDataSource a = contexts.hikari();
        HikariDataSource b = contexts.hikari();
        try (a;
                b;
                AnnotationConfigApplicationContext context =
                        contexts.with(OwnRouter.class, () -> new OwnRouter(a, b))) {
            OwnRouter router = context.getBean(OwnRouter.class);
            Contexts.query(router);
            router.route = "b";
            Contexts.query(router);
            assertThat(telemetry.lines())
                    .containsExactly("open", "start QUERY", "complete", "open", "start QUERY", "complete");
        }
    }

    @Test
    void saysWhyItCannotFollowARouterToDataSourcesThatAreNoPools() {
        try (AnnotationConfigApplicationContext context = contexts.with(
                OwnRouter.class,
                () -> new OwnRouter(new DriverManagerDataSource(url), new DriverManagerDataSource(url)))) {
            assertThat(context.getBean(OwnRouter.class)).isNotNull();
            assertThat(contexts.status()).singleElement().satisfies(status -> {
                assertThat(status.instrumentation()).isEqualTo(Instrumentation.NONE);
                assertThat(status.reason()).contains("DataSourceInstrumentation.instrument");
            });
        }
    }

    @Test
    void instrumentsByCodeOneOfSeveralThatCouldNotBeFollowed() throws SQLException {
        DataSource one = new DriverManagerDataSource(url);
        try (AnnotationConfigApplicationContext context =
                contexts.with(OwnRouter.class, () -> new OwnRouter(one, new DriverManagerDataSource(url)))) {
            DataSource instrumented =
                    context.getBean(DataSourceInstrumentation.class).instrument("one", one);
            assertThat(instrumented).isNotSameAs(one);
            Contexts.query(instrumented);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "close");
        }
    }

    /** Passes questions about its type on to the first of its data sources. */
    public static class FirstOfTwo extends OwnRouter {

        private final DataSource first;
        private int asked;

        public FirstOfTwo(DataSource first, DataSource second) {
            super(first, second);
            this.first = first;
        }

        @Override
        public boolean isWrapperFor(Class<?> iface) throws SQLException {
            asked++;
            return first.isWrapperFor(iface);
        }

        @Override
        public <T> T unwrap(Class<T> iface) throws SQLException {
            return first.unwrap(iface);
        }
    }

    @Test
    void instrumentsAPoolBesideOneThatIsInstrumented() throws SQLException {
        try (HikariDataSource second = contexts.hikari();
                AnnotationConfigApplicationContext context = contexts.with(beans -> {
                    beans.registerBean("first", HikariDataSource.class, contexts::hikari);
                    beans.registerBean(
                            "router",
                            FirstOfTwo.class,
                            () -> new FirstOfTwo(beans.getBean("first", HikariDataSource.class), second));
                })) {
            assertThat(second.getDataSource()).isInstanceOf(InstrumentedDataSource.class);
            assertThat(context.getBean(FirstOfTwo.class).asked).isZero();
        }
    }

    /** Shows nothing of what is behind. */
    public static class Opaque extends AbstractDataSource {

        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("nothing here");
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }

    @Test
    void listsADataSourceThatShowsNothingWithThePropertyThatMapsIt() {
        try (AnnotationConfigApplicationContext context = contexts.with(Opaque.class, Opaque::new)) {
            assertThat(context.getBean(Opaque.class)).isNotNull();
            assertThat(contexts.status()).singleElement().satisfies(status -> {
                assertThat(status.instrumentation()).isEqualTo(Instrumentation.NONE);
                assertThat(status.reason()).contains("databricks.telemetry.data-sources.pool.host");
            });
        }
    }

    @Test
    void instrumentsByCodeWhatIsNoBean() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {})) {
            DataSourceInstrumentation instrumentation = context.getBean(DataSourceInstrumentation.class);
            HikariDataSource pool = contexts.hikari();
            assertThat(instrumentation.instrument("tenant", pool)).isSameAs(pool);
            Contexts.query(pool);
            DataSource simple = instrumentation.instrument("other", new DriverManagerDataSource(url));
            Contexts.query(simple);
            assertThat(instrumentation.instrument("other", simple)).isSameAs(simple);
            assertThat(telemetry.lines())
                    .containsExactly("open", "start QUERY", "complete", "open", "start QUERY", "complete", "close");
            assertThat(contexts.status()).extracting(DataSourceStatus::beanName).containsExactly("other", "tenant");
            pool.close();
            assertThat(telemetry.lines()).endsWith("close");
        }
        assertThat(telemetry.references()).isZero();
    }

    @Test
    void reportsEveryPathToAPool() throws SQLException {
        DataSource shared = new DriverManagerDataSource(url);
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("one", DataSource.class, () -> shared);
            beans.registerBean("two", DataSource.class, () -> shared);
        })) {
            Contexts.query(context.getBean("one", DataSource.class));
            Contexts.query(context.getBean("two", DataSource.class));
            assertThat(telemetry.lines())
                    .isEqualTo(List.of(
                            "open", "start QUERY", "complete", "close", "open", "start QUERY", "complete", "close"));
        }
    }

    @Test
    void reportsAPoolThatOutlivesItsContextInTheNextOne() throws SQLException {
        HikariDataSource pool = contexts.hikari();
        for (int round = 0; round < 3; round++) {
            Contexts next = new Contexts();
            try (AnnotationConfigApplicationContext context = next.with(beans -> beans.registerBean(
                    "pool", HikariDataSource.class, () -> pool, definition -> definition.setDestroyMethodName("")))) {
                Contexts.query(context.getBean(HikariDataSource.class));
                assertThat(next.telemetry().lines())
                        .as("round %s", round)
                        .containsExactly("open", "start QUERY", "complete");
            }
            assertThat(next.telemetry().lines()).endsWith("close");
            assertThat(next.telemetry().references()).isZero();
        }
        pool.close();
    }
}
