package io.github.databrickstelemetry.olderboot;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts with whatever Spring Boot is on its class path, and prints what this library has done to it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class OlderApplication {

    private static final DataSource ORDERS = (DataSource) Proxy.newProxyInstance(
            OlderApplication.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    @Bean
    DataSource orders() {
        return ORDERS;
    }

    public static void main(String[] arguments) {
        try (ConfigurableApplicationContext context = SpringApplication.run(OlderApplication.class, arguments)) {
            long ours = Arrays.stream(context.getBeanDefinitionNames())
                    .filter(name -> name.startsWith("databricksTelemetry"))
                    .count();
            System.out.printf(
                    "Spring Boot %s: beans of this library %d, the data source is %s%n",
                    SpringBootVersion.getVersion(),
                    ours,
                    context.getBean(DataSource.class) == ORDERS ? "the application's" : "instrumented");
        }
    }
}
