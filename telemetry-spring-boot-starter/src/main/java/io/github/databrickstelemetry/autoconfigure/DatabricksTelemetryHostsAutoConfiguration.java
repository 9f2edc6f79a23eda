package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.properties.TelemetryProperties;
import io.github.databrickstelemetry.properties.UniformName;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
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
@ConditionalOnClass(name = DatabricksTelemetryAutoConfiguration.REQUIRED_CLASS)
@Import(HostClients.Registrar.class)
public class DatabricksTelemetryHostsAutoConfiguration {

    /** Masks tokens, the proxy's password and additional request headers in {@code env} and {@code configprops}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.SanitizingFunction")
    static class SecretsConfiguration {

        private static final String PREFIX = UniformName.of(TelemetryProperties.PREFIX);

        @Bean
        static SanitizingFunction databricksTelemetrySecretProperties() {
            return data -> isSecret(UniformName.of(data.getKey())) ? data.withSanitizedValue() : data;
        }

        private static boolean isSecret(String key) {
            return key.startsWith(PREFIX)
                    && (key.endsWith("token") || key.endsWith("proxypassword") || key.contains("exportheaders"));
        }
    }
}
