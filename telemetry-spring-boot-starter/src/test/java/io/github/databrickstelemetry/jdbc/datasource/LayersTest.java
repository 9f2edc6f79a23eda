package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import io.github.databrickstelemetry.jdbc.delegate.ForwardingDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.NameMatchMethodPointcutAdvisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.PriorityOrdered;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** Data sources in front of data sources, scopes, and proxies: each physical source is observed once. */
class LayersTest {

    private static final List<String> ONE_SESSION = List.of("open", "start QUERY", "complete", "close");

    /** A lazy proxy opens a connection of its own to see the defaults, before it opens the application's. */
    private static final List<String> ONE_LAZY_SESSION =
            List.of("open", "close", "open", "start QUERY", "complete", "close");

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();
    private final String url = contexts.url();

    private static final class Routing extends AbstractRoutingDataSource {

        private String route = "a";

        @Override
        protected Object determineCurrentLookupKey() {
            return route;
        }
    }

    private static Routing routing(DataSource a, DataSource b) {
        Routing routing = new Routing();
        routing.setTargetDataSources(Map.of("a", a, "b", b));
        routing.setDefaultTargetDataSource(b);
        return routing;
    }

    @Test
    void instrumentsRoutesThatAreNoBeans() throws SQLException {
        HikariDataSource pool = contexts.hikari();
        try (AnnotationConfigApplicationContext context =
                contexts.with(Routing.class, () -> routing(pool, new DriverManagerDataSource(url)))) {
            Routing routing = context.getBean(Routing.class);
            Contexts.query(routing);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete");
            telemetry.clear();
            routing.route = "b";
            Contexts.query(routing);
            assertThat(telemetry.lines()).isEqualTo(ONE_SESSION);
            telemetry.clear();
            routing.route = "unknown";
            Contexts.query(routing);
            assertThat(telemetry.lines()).isEqualTo(ONE_SESSION);
        }
        pool.close();
        assertThat(telemetry.references()).isZero();
    }

    @Test
    void instrumentsRoutesThatAreBeansOnce() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("one", DataSource.class, () -> new DriverManagerDataSource(url));
            beans.registerBean("two", DataSource.class, contexts::hikari);
            beans.registerBean(
                    "routing",
                    Routing.class,
                    () -> routing(beans.getBean("one", DataSource.class), beans.getBean("two", DataSource.class)));
        })) {
            Contexts.query(context.getBean(Routing.class));
            assertThat(telemetry.lines()).isEqualTo(ONE_SESSION);
            assertThat(contexts.status()).extracting(DataSourceStatus::beanName).containsExactly("one", "two");
        }
    }

    @Test
    void doesNotObserveABeanThatIsExcludedThroughItsRouter() throws SQLException {
        contexts.resolve((beanName, source) -> beanName.equals("excluded")
                ? null
                : RecordingTelemetry.observed(beanName, DriverAdapter.NONE, Map.of()));
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("excluded", DataSource.class, () -> new DriverManagerDataSource(url));
            beans.registerBean("routing", Routing.class, () -> {
                DataSource excluded = beans.getBean("excluded", DataSource.class);
                return routing(excluded, excluded);
            });
        })) {
            Contexts.query(context.getBean(Routing.class));
            assertThat(telemetry.lines()).isEmpty();
        }
    }

    @Test
    void instrumentsTheTargetsOfDelegatingDataSources() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean(
                    "lazy",
                    DataSource.class,
                    () -> new LazyConnectionDataSourceProxy(new DriverManagerDataSource(url)));
            beans.registerBean(
                    "aware",
                    DataSource.class,
                    () -> new TransactionAwareDataSourceProxy(
                            new LazyConnectionDataSourceProxy(new DriverManagerDataSource(url))));
        })) {
            telemetry.clear();
            Contexts.query(context.getBean("lazy", DataSource.class));
            assertThat(telemetry.lines()).isEqualTo(ONE_LAZY_SESSION);
            telemetry.clear();
            Contexts.query(context.getBean("aware", DataSource.class));
            assertThat(telemetry.lines()).isEqualTo(ONE_LAZY_SESSION);
            telemetry.clear();
            try (Connection untouched =
                    context.getBean("lazy", DataSource.class).getConnection()) {
                assertThat(untouched.isClosed()).isFalse();
            }
            assertThat(telemetry.lines()).as("lazy as ever").isEmpty();
        }
    }

    @Test
    void instrumentsTheReadOnlyTargetOfALazyDataSource() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(DataSource.class, () -> {
            LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy(new DriverManagerDataSource(url));
            lazy.setReadOnlyDataSource(contexts.hikari());
            return lazy;
        })) {
            queryReadOnly(context.getBean(DataSource.class));
            assertThat(telemetry.lines()).endsWith("open", "start QUERY", "complete");
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::instrumentation)
                    .containsExactly(Instrumentation.BELOW_POOL, Instrumentation.OUTSIDE);
        }
    }

    @Test
    void instrumentsATargetThatIsTheReadOnlyOneToo() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(DataSource.class, () -> {
            DataSource both = new DriverManagerDataSource(url);
            LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy(both);
            lazy.setReadOnlyDataSource(both);
            return lazy;
        })) {
            queryReadOnly(context.getBean(DataSource.class));
            assertThat(telemetry.lines()).endsWith("open", "start QUERY", "complete", "close");
            assertThat(contexts.status()).hasSize(1);
        }
    }

    private static void queryReadOnly(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setReadOnly(true);
            try (PreparedStatement statement = connection.prepareStatement("select 1");
                    ResultSet resultSet = statement.executeQuery()) {
                assertThat(resultSet.next()).isTrue();
            }
        }
    }

    @Test
    void instrumentsBelowALazyProxyThatAPostProcessorPutsBefore() throws SQLException {
        BeanPostProcessor lazy = new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String beanName) {
                if (!(bean instanceof DataSource dataSource)) {
                    return bean;
                }
                LazyConnectionDataSourceProxy proxy = new LazyConnectionDataSourceProxy();
                proxy.setTargetDataSource(dataSource);
                return proxy;
            }
        };
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("lazy", BeanPostProcessor.class, () -> lazy);
            beans.registerBean("hikari", DataSource.class, contexts::hikari);
            beans.registerBean("simple", DataSource.class, () -> new DriverManagerDataSource(url));
        })) {
            Contexts.query(context.getBean("hikari", DataSource.class));
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete");
            telemetry.clear();
            Contexts.query(context.getBean("simple", DataSource.class));
            assertThat(telemetry.lines()).isEqualTo(ONE_LAZY_SESSION);
            assertThat(context.getBean("hikari")).isInstanceOf(LazyConnectionDataSourceProxy.class);
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void instrumentsTheTargetOfAScopedProxyOnce(CapturedOutput output) throws SQLException {
        List<String> resolved = new ArrayList<>();
        contexts.resolve((beanName, source) -> {
            resolved.add(beanName);
            return RecordingTelemetry.observed(beanName, DriverAdapter.NONE, Map.of());
        });
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.getBeanFactory().registerScope("thread", new SimpleThreadScope());
            BeanDefinition target = BeanDefinitionBuilder.genericBeanDefinition(
                            DataSource.class, () -> new DriverManagerDataSource(url))
                    .setScope("thread")
                    .getBeanDefinition();
            BeanDefinitionHolder proxy = ScopedProxyUtils.createScopedProxy(
                    new BeanDefinitionHolder(target, "scoped"), beans.getDefaultListableBeanFactory(), false);
            beans.registerBeanDefinition("scoped", proxy.getBeanDefinition());
        })) {
            assertThat(resolved).as("not created early").isEmpty();
            Contexts.query(context.getBean("scoped", DataSource.class));
            assertThat(telemetry.lines()).isEqualTo(ONE_SESSION);
            assertThat(resolved).containsOnly("scoped");
            assertThat(contexts.status()).hasSize(1);
        }
        assertThat(output).doesNotContain("destruction callbacks");
    }

    @Test
    void releasesThePrototypesThatNobodyUses() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            BeanDefinition prototype = BeanDefinitionBuilder.genericBeanDefinition(
                            DataSource.class, () -> new DriverManagerDataSource(url))
                    .setScope(BeanDefinition.SCOPE_PROTOTYPE)
                    .getBeanDefinition();
            beans.registerBeanDefinition("prototype", prototype);
        })) {
            for (int i = 0; i < 50; i++) {
                Contexts.query(context.getBean("prototype", DataSource.class));
            }
            assertThat(telemetry.acquired()).isEqualTo(50);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                System.gc();
                assertThat(context.getBean("prototype")).isNotNull();
                return telemetry.references() < 5;
            });
        }
    }

    /** HikariCP does at its end with a connection that comes back at that moment. */
    @Test
    void releasesThePoolThatLostAConnectionInsteadOfClosingIt() {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            BeanDefinition losing = BeanDefinitionBuilder.genericBeanDefinition(DataSource.class, contexts::hikari)
                    .setScope(BeanDefinition.SCOPE_PROTOTYPE)
                    .getBeanDefinition();
            beans.registerBeanDefinition("losing", losing);
        })) {
            endWithALostConnection(context);
            assertThat(telemetry.references()).isEqualTo(1);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                System.gc();
                assertThat(context.getBean("losing")).isNotNull();
                return telemetry.references() == 0;
            });
        }
        assertThat(telemetry.lines()).containsExactly("open");
    }

    private static void endWithALostConnection(AnnotationConfigApplicationContext context) {
        HikariDataSource pool = context.getBean("losing", HikariDataSource.class);
        DataSource below = Objects.requireNonNull(pool.getDataSource());
        assertThatCode(below::getConnection).doesNotThrowAnyException();
        context.getBeanFactory().destroyBean("losing", pool);
    }

    @Test
    void givesTheReferenceBackWhenABeanIsDestroyedAndTakesItAgain() throws SQLException {
        HikariDataSource first = contexts.hikari();
        HikariDataSource second = contexts.hikari();
        List<HikariDataSource> pools = new ArrayList<>(List.of(first, second));
        try (AnnotationConfigApplicationContext context =
                contexts.with(HikariDataSource.class, () -> pools.remove(0))) {
            Contexts.query(context.getBean(HikariDataSource.class));
            assertThat(telemetry.references()).isEqualTo(1);
            context.getDefaultListableBeanFactory().destroySingleton("pool");
            assertThat(first.isClosed()).isTrue();
            assertThat(telemetry.references()).isZero();
            assertThat(telemetry.lines()).endsWith("close");
            telemetry.clear();
            Contexts.query(context.getBean(HikariDataSource.class));
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete");
            assertThat(telemetry.references()).isEqualTo(1);
        }
    }

    @Test
    void instrumentsAPoolThatWasThereBeforePostProcessors() throws SQLException {
        HikariDataSource pool = contexts.hikari();
        DataSource simple = new DriverManagerDataSource(url);
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.getBeanFactory().registerSingleton("early", pool);
            beans.getBeanFactory().registerSingleton("tooEarly", simple);
        })) {
            Contexts.query(context.getBean("early", DataSource.class));
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete");
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::beanName, DataSourceStatus::instrumentation)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("early", Instrumentation.BELOW_POOL),
                            org.assertj.core.groups.Tuple.tuple("tooEarly", Instrumentation.NONE));
            assertThat(contexts.status().get(1).reason()).contains("before post-processors");
        }
        pool.close();
    }

    @Test
    void letsOthersWrapWhatItHasWrapped() throws SQLException {
        AtomicInteger borrowed = new AtomicInteger();
        MethodInterceptor advice = invocation -> {
            borrowed.incrementAndGet();
            return invocation.proceed();
        };
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("pool", DriverManagerDataSource.class, () -> new DriverManagerDataSource(url));
            beans.registerBean(NameMatchMethodPointcutAdvisor.class, () -> {
                NameMatchMethodPointcutAdvisor advisor = new NameMatchMethodPointcutAdvisor(advice);
                advisor.setMappedName("getConnection");
                return advisor;
            });
            beans.registerBean(DefaultAdvisorAutoProxyCreator.class, () -> {
                DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
                creator.setProxyTargetClass(true);
                return creator;
            });
        })) {
            DriverManagerDataSource dataSource = context.getBean(DriverManagerDataSource.class);
            Contexts.query(dataSource);
            assertThat(borrowed).hasValue(1);
            assertThat(dataSource.isWrapperFor(InstrumentedDataSource.class)).isTrue();
            assertThat(telemetry.lines()).isEqualTo(ONE_SESSION);
        }
    }

    @Test
    void addsToAProxyThatIsThereAlready() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(DataSource.class, () -> {
            ProxyFactory factory =
                    new ProxyFactory(DataSource.class, (MethodInterceptor) invocation -> invocation.proceed());
            factory.setTarget(new DriverManagerDataSource(url));
            return (DataSource) factory.getProxy();
        })) {
            DataSource dataSource = context.getBean(DataSource.class);
            Contexts.query(dataSource);
            assertThat(dataSource.isWrapperFor(InstrumentedDataSource.class)).isTrue();
            assertThat(dataSource.unwrap(InstrumentedDataSource.class)).isNotNull();
            assertThat(telemetry.lines()).isEqualTo(ONE_SESSION);
        }
    }

    @Test
    void doesNotInstrumentTwice() throws SQLException {
        RecordingTelemetry other = new RecordingTelemetry();
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean(
                    "second",
                    DataSourceTelemetryPostProcessor.class,
                    () -> new DataSourceTelemetryPostProcessor(
                            RecordingTelemetry::resolveAll, () -> other, Instrumented.guard()));
            beans.registerBean("hikari", DataSource.class, contexts::hikari);
            beans.registerBean("simple", DataSource.class, () -> new DriverManagerDataSource(url));
        })) {
            Contexts.query(context.getBean("hikari", DataSource.class));
            Contexts.query(context.getBean("simple", DataSource.class));
            assertThat(telemetry.lines())
                    .containsExactly("open", "start QUERY", "complete", "open", "start QUERY", "complete", "close");
            assertThat(other.lines()).isEmpty();
        }
    }

    /** As the wrappers of other libraries are: not Spring's, and with an {@code unwrap} that reaches the pool. */
    private static final class ForeignWrapper extends ForwardingDataSource {

        private final DataSource target;

        ForeignWrapper(DataSource target) {
            this.target = target;
        }

        @Override
        protected DataSource target() {
            return target;
        }
    }

    @Test
    void doesNotInstrumentWhatAnotherLibraryHasWrappedAgain() throws SQLException {
        BeanPostProcessor wrapping = new ForeignPostProcessor();
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("wrapping", ForeignPostProcessor.class, () -> (ForeignPostProcessor) wrapping);
            beans.registerBean("hikari", DataSource.class, contexts::hikari);
        })) {
            assertThat(context.getBean("hikari")).isInstanceOf(ForeignWrapper.class);
            Contexts.query(context.getBean("hikari", DataSource.class));
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete");
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::instrumentation)
                    .containsExactly(Instrumentation.BELOW_POOL);
        }
    }

    private static final class ForeignPostProcessor implements BeanPostProcessor, PriorityOrdered {

        @Override
        public int getOrder() {
            return 0;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            return bean instanceof DataSource dataSource ? new ForeignWrapper(dataSource) : bean;
        }
    }

    /** Understands only its own names for routes, not what it has made of them. */
    private static final class MappingRouter extends AbstractRoutingDataSource {

        @Override
        protected Object resolveSpecifiedLookupKey(Object lookupKey) {
            return "route " + (String) Objects.requireNonNull(lookupKey);
        }

        @Override
        protected Object determineCurrentLookupKey() {
            return "route a";
        }
    }

    @Test
    void leavesTheKeysOfRoutesAsTheyAre() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(MappingRouter.class, () -> {
            MappingRouter router = new MappingRouter();
            router.setTargetDataSources(Map.of("a", new DriverManagerDataSource(url)));
            return router;
        })) {
            MappingRouter router = context.getBean(MappingRouter.class);
            assertThat(router.getResolvedDataSources()).containsOnlyKeys("route a");
            Contexts.query(router);
            assertThat(telemetry.lines()).isEqualTo(ONE_SESSION);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class StaticConfiguration {

        @Bean
        static DataSourceTelemetryPostProcessor postProcessor(
                ObjectProvider<DataSourceResolver> resolver, ObjectProvider<TelemetryClientProvider> clients) {
            return new DataSourceTelemetryPostProcessor(
                    resolver::getIfAvailable, clients::getIfAvailable, Instrumented.guard());
        }

        @Bean
        DataSourceResolver resolver() {
            return RecordingTelemetry.resolveAll();
        }

        @Bean
        RecordingTelemetry clients() {
            return new RecordingTelemetry();
        }

        @Bean
        DriverManagerDataSource dataSource() {
            return new DriverManagerDataSource("jdbc:h2:mem:static");
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void createsNoBeanEarly(CapturedOutput output) throws SQLException {
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(StaticConfiguration.class)) {
            Contexts.query(context.getBean(DataSource.class));
            assertThat(context.getBean(RecordingTelemetry.class).lines()).isEqualTo(ONE_SESSION);
        }
        assertThat(output).doesNotContain("not eligible for getting processed");
    }

    /** Learns its URL only as it is initialised. */
    static class LatePool extends HikariDataSource implements org.springframework.beans.factory.InitializingBean {

        private final @Nullable String late;

        LatePool(String late) {
            this.late = late;
        }

        @Override
        public void afterPropertiesSet() {
            setJdbcUrl(late);
        }
    }

    @Test
    void instrumentsAPoolThatLearnsItsUrlDuringInitialisation() throws SQLException {
        contexts.resolve((beanName, source) ->
                source.url() == null ? null : RecordingTelemetry.observed(beanName, DriverAdapter.NONE, Map.of()));
        try (AnnotationConfigApplicationContext context =
                contexts.with(HikariDataSource.class, () -> new LatePool(url))) {
            Contexts.query(context.getBean(HikariDataSource.class));
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete");
        }
    }
}
