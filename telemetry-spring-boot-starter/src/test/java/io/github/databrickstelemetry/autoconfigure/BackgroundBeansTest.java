package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Bean.Bootstrap;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** A data source that Spring initialises on another thread while the main thread creates another bean. */
class BackgroundBeansTest {

    /** Opens when the data source has passed all post-processors. */
    private static final class Passed implements BeanPostProcessor, Ordered {

        final CountDownLatch dataSource = new CountDownLatch(1);

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            if (bean instanceof HikariDataSource) {
                dataSource.countDown();
            }
            return bean;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        static Executor bootstrapExecutor() {
            return new SimpleAsyncTaskExecutor("background-");
        }

        @Bean
        static Passed passed() {
            return new Passed();
        }

        @Bean(bootstrap = Bootstrap.BACKGROUND)
        static HikariDataSource pool() {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl("jdbc:databricks://workspace.example/default;httpPath=/sql/1.0/warehouses/a");
            return pool;
        }

        /** Holds the main thread, and with it Spring's lock, until the other thread is done. */
        @Bean
        static Boolean passedWhileMainWasBusy(Passed passed) throws InterruptedException {
            return passed.dataSource.await(10, TimeUnit.SECONDS);
        }
    }

    @Test
    @Timeout(60)
    void isInstrumentedThereWithoutWaitingForTheMainThread() {
        Contexts.enabled().withUserConfiguration(Application.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean("passedWhileMainWasBusy")).isEqualTo(true);
            assertThat(context.getBean(DataSourceTelemetryPostProcessor.class).status())
                    .extracting(DataSourceStatus::instrumentation)
                    .as(context.getBean(DataSourceTelemetryPostProcessor.class)
                            .status()
                            .toString())
                    .containsExactly(Instrumentation.BELOW_POOL);
        });
    }
}
