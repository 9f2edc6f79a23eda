package io.github.databrickstelemetry.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A {@code TelemetryClient} bean for each entry under {@code databricks.telemetry.hosts}. The beans exist while telemetry
 * is off as well, so that an application which injects one starts; they do nothing then. The secrets of the properties are
 * masked in either case.
 */
@AutoConfiguration(after = DatabricksTelemetryAutoConfiguration.class)
@ConditionalOnClass(name = RequiredSpringBoot.CLASS)
@Import(HostClientRegistrar.class)
public class DatabricksTelemetryHostsAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.SanitizingFunction")
    static class SecretsConfiguration {

        @Bean
        static SecretProperties databricksTelemetrySecretProperties() {
            return new SecretProperties();
        }
    }
}
