package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.naming.NamingException;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import net.bull.javamelody.JdbcWrapper;
import net.bull.javamelody.SpringDataSourceBeanPostProcessor;
import org.aopalliance.intercept.MethodInterceptor;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.dbcp2.datasources.SharedPoolDataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.NameMatchMethodPointcutAdvisor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.PriorityOrdered;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jndi.JndiObjectFactoryBean;
import org.springframework.jndi.JndiTemplate;

/** The driver's own telemetry goes on wherever its connections are not reported. H2's {@code MODE} stands for it. */
class SilenceTest {

    private static final List<String> SESSION = List.of("open", "start QUERY", "complete", "close");

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();
    private final String url = contexts.url();

    SilenceTest() {
        contexts.resolve((beanName, source) -> source.url() == null
                ? null
                : RecordingTelemetry.observed(beanName, DriverAdapter.NONE, Map.of("MODE", "MySQL")));
    }

    private void assertReportedAndSilenced(DataSource dataSource) throws SQLException {
        Contexts.query(dataSource);
        assertThat(telemetry.lines()).startsWith("open", "start QUERY", "complete");
        assertThat(Contexts.mode(dataSource)).isEqualTo("MySQL");
        assertThat(contexts.status()).singleElement().satisfies(status -> {
            assertThat(status.instrumentation()).isEqualTo(Instrumentation.OUTSIDE);
            assertThat(status.driverTelemetry()).isEqualTo(DriverTelemetry.REPLACED);
        });
    }

    @Test
    void reportsBehindAnAspectWithInterfaceProxies() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("pool", DataSource.class, () -> new DriverManagerDataSource(url));
            beans.registerBean(NameMatchMethodPointcutAdvisor.class, () -> {
                NameMatchMethodPointcutAdvisor advisor =
                        new NameMatchMethodPointcutAdvisor((MethodInterceptor) invocation -> invocation.proceed());
                advisor.setMappedName("getConnection");
                return advisor;
            });
            beans.registerBean(DefaultAdvisorAutoProxyCreator.class, () -> {
                DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
                creator.setOrder(PriorityOrdered.HIGHEST_PRECEDENCE);
                return creator;
            });
        })) {
            DataSource bean = context.getBean(DataSource.class);
            assertThat(Proxy.isProxyClass(bean.getClass())).isTrue();
            assertReportedAndSilenced(bean);
        }
    }

    /** Wraps data sources before others see them. */
    private record Wrapping(UnaryOperator<DataSource> wrapper) implements BeanPostProcessor, PriorityOrdered {

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            return bean instanceof DataSource dataSource ? wrapper.apply(dataSource) : bean;
        }
    }

    private AnnotationConfigApplicationContext wrapping(UnaryOperator<DataSource> wrapper) {
        return contexts.with(beans -> {
            beans.registerBean(Wrapping.class, () -> new Wrapping(wrapper));
            beans.registerBean("pool", DataSource.class, () -> new DriverManagerDataSource(url));
        });
    }

    /** Its proxy of the JDK shows nothing of the data source behind. */
    @Test
    void reportsBehindJavaMelody() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean(SpringDataSourceBeanPostProcessor.class);
            beans.registerBean("pool", DataSource.class, () -> new DriverManagerDataSource(url));
        })) {
            DataSource bean = context.getBean(DataSource.class);

            assertThat(JdbcWrapper.getJndiAndSpringDataSources()).containsKey("pool");
            assertReportedAndSilenced(bean);
        } catch (NamingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void takesTheSettingsBackOfWhatTurnsOutNotToBeReported() throws SQLException {
        try (AnnotationConfigApplicationContext context = wrapping(PromisingDataSource::new)) {
            DataSource bean = context.getBean(DataSource.class);
            Contexts.query(bean);
            assertThat(telemetry.lines()).isEmpty();
            assertThat(Contexts.mode(bean)).isEqualTo("REGULAR");
            assertThat(contexts.status()).singleElement().satisfies(status -> {
                assertThat(status.instrumentation()).isEqualTo(Instrumentation.NONE);
                assertThat(status.driverTelemetry()).isEqualTo(DriverTelemetry.LEFT);
                assertThat(status.reason()).contains("promises");
            });
        }
    }

    @Test
    void reportsAProxiedDataSourceOfJndi() throws SQLException {
        BasicDataSource pool = new BasicDataSource();
        pool.setUrl(url);
        try (AnnotationConfigApplicationContext context =
                contexts.with(beans -> beans.registerBean("pool", JndiObjectFactoryBean.class, () -> {
                    JndiObjectFactoryBean jndi = new JndiObjectFactoryBean();
                    jndi.setJndiTemplate(new JndiTemplate() {
                        @Override
                        public Object lookup(String name) {
                            return pool;
                        }
                    });
                    jndi.setJndiName("jdbc/pool");
                    jndi.setProxyInterface(DataSource.class);
                    return jndi;
                }))) {
            assertReportedAndSilenced(context.getBean("pool", DataSource.class));
        }
        assertThat(telemetry.lines()).as("the end of its session").endsWith("close");
        assertThat(telemetry.references()).isZero();
        pool.close();
    }

    @Test
    void reportsThroughAPoolOverPooledConnections() throws Exception {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("driver", XADataSource.class, () -> (JdbcDataSource) H2.dataSource(url));
            beans.registerBean("pool", SharedPoolDataSource.class, () -> {
                SharedPoolDataSource pool = new SharedPoolDataSource();
                pool.setConnectionPoolDataSource(
                        (javax.sql.ConnectionPoolDataSource) beans.getBean(XADataSource.class));
                pool.setMaxTotal(1);
                return pool;
            });
        })) {
            DataSource pool = context.getBean(SharedPoolDataSource.class);
            Contexts.query(pool);
            Contexts.query(pool);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "start QUERY", "complete");
        }
        assertThat(telemetry.lines()).endsWith("close");
    }

    @Test
    void reportsXaConnections() throws Exception {
        try (AnnotationConfigApplicationContext context =
                contexts.with(XADataSource.class, () -> (JdbcDataSource) H2.dataSource(url))) {
            XAConnection connection = context.getBean(XADataSource.class).getXAConnection();
            assertThat(connection.getXAResource()).isNotNull();
            try (Connection handle = connection.getConnection()) {
                assertThat(handle.createStatement().executeQuery("select 1").next())
                        .isTrue();
            }
            PooledConnection same = connection;
            same.close();
            assertThat(telemetry.lines()).isEqualTo(SESSION);
        }
    }
}
