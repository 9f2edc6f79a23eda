package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.jdbc.H2;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** Data sources whose targets, connections and owners change while the application runs. */
class ChangingPoolsTest {

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();
    private final String url = contexts.url();

    /** Tenants come while it runs. */
    public static class Tenants extends AbstractRoutingDataSource {

        private final Map<Object, Object> targets = new HashMap<>();
        private Object tenant = "first";

        void add(String name, DataSource target) {
            targets.put(name, target);
            setTargetDataSources(targets);
            afterPropertiesSet();
        }

        void use(String name) {
            tenant = name;
        }

        @Override
        protected Object determineCurrentLookupKey() {
            return tenant;
        }
    }

    @Test
    void reportsTenantsThatComeAtRunTimeAndThoseThatWereThere() throws SQLException {
        try (HikariDataSource first = contexts.hikari();
                HikariDataSource second = contexts.hikari();
                AnnotationConfigApplicationContext context = contexts.with(Tenants.class, () -> {
                    Tenants made = new Tenants();
                    made.add("first", first);
                    return made;
                })) {
            Tenants tenants = context.getBean(Tenants.class);
            Contexts.query(tenants);
            tenants.add("second", second);
            tenants.add("third", new DriverManagerDataSource(url));
            tenants.use("second");
            Contexts.query(tenants);
            tenants.use("third");
            Contexts.query(tenants);
            tenants.use("first");
            Contexts.query(tenants);
            assertThat(telemetry.lines())
                    .containsExactly(
                            "open",
                            "start QUERY",
                            "complete",
                            "open",
                            "start QUERY",
                            "complete",
                            "open",
                            "start QUERY",
                            "complete",
                            "close",
                            "start QUERY",
                            "complete");
        }
        assertThat(telemetry.lines()).filteredOn("close"::equals).hasSize(3);
        assertThat(telemetry.references()).isZero();
    }

    @Test
    void looksOnlyAtTenantsThatAreNewAndOnlyOnce() throws Exception {
        AtomicInteger resolved = new AtomicInteger();
        contexts.resolve((beanName, source) -> {
            resolved.incrementAndGet();
            return null;
        });
        try (AnnotationConfigApplicationContext context = contexts.with(Tenants.class, () -> {
            Tenants made = new Tenants();
            for (int i = 0; i < 100; i++) {
                made.add("tenant " + i, new DriverManagerDataSource(url));
            }
            return made;
        })) {
            Tenants tenants = context.getBean(Tenants.class);
            assertThat(resolved).hasValue(100);
            tenants.add("first", new DriverManagerDataSource(url));
            ExecutorService callers = Executors.newFixedThreadPool(8);
            Callable<Boolean> query = () -> {
                Contexts.query(tenants);
                return true;
            };
            assertThat(callers.invokeAll(Collections.nCopies(8, query))).allMatch(Future::isDone);
            callers.shutdown();
            assertThat(resolved).hasValue(101);
        }
    }

    @Test
    void reportsTheLastSessionsOfPoolsThatAnotherBeanClosesLater() throws SQLException {
        HikariDataSource pool = contexts.hikari();
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            AutoCloseable registry = () -> pool.close();
            beans.registerBean("registry", AutoCloseable.class, () -> registry);
            beans.registerBean("tenants", Tenants.class, () -> {
                Tenants made = new Tenants();
                made.add("first", pool);
                return made;
            });
        })) {
            Contexts.query(context.getBean(Tenants.class));
        }
        assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "close");
        assertThat(telemetry.references()).isZero();
    }

    /** Its connections say nothing about themselves any more, once they hang. */
    private final class HangingPool extends AbstractDataSource {

        private final CountDownLatch released = new CountDownLatch(1);
        private final AtomicInteger asked = new AtomicInteger();
        private final List<Connection> physical = new ArrayList<>();

        @Override
        public Connection getConnection() throws SQLException {
            Connection opened = H2.dataSource(url).getConnection();
            physical.add(opened);
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("isClosed")) {
                            asked.incrementAndGet();
                            released.await();
                        }
                        return method.getName().equals("unwrap") ? proxy : method.invoke(opened, arguments);
                    });
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }

    @Test
    @Timeout(30)
    void asksNoOtherConnectionAnythingForANewSession() throws SQLException {
        HangingPool pool = new HangingPool();
        try (AnnotationConfigApplicationContext context = contexts.with(DataSource.class, () -> pool)) {
            DataSource bean = context.getBean(DataSource.class);
            List<Connection> open = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                open.add(bean.getConnection());
            }
            assertThat(pool.asked).hasValue(0);
            assertThat(telemetry.lines()).hasSize(200).containsOnly("open");
            for (Connection physical : pool.physical) {
                physical.close();
            }
            assertThat(open).hasSize(200);
            pool.released.countDown();
        }
        assertThat(telemetry.lines()).filteredOn("close"::equals).hasSize(200);
    }
}
