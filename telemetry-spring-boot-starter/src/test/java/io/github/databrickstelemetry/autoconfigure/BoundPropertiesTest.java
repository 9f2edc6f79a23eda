package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.convert.converter.Converter;

/** The properties are bound as Spring Boot binds those of the application itself. */
class BoundPropertiesTest {

    @Configuration(proxyBeanMethods = false)
    static class OwnProperties {

        @Bean
        static PropertySourcesPlaceholderConfigurer placeholders() {
            Properties own = new Properties();
            own.setProperty("databricks.telemetry.batch-size", "7");
            own.setProperty("databricks.telemetry.hosts.prod.host", "prod.example.com");
            PropertySourcesPlaceholderConfigurer placeholders = new PropertySourcesPlaceholderConfigurer();
            placeholders.setProperties(own);
            return placeholders;
        }
    }

    @Test
    void comeFromAPlaceholderConfigurerAsWell() {
        Contexts.enabled().withUserConfiguration(OwnProperties.class).run(context -> {
            TelemetrySettings settings = context.getBean(TelemetrySettings.class);

            assertThat(settings.common().settings().batchSize()).isEqualTo(7);
            assertThat(settings.host("prod").address()).isEqualTo(WorkspaceHost.parse("prod.example.com"));
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnConverter {

        private static final class Levels implements Converter<String, ExportLevel> {

            @Override
            public ExportLevel convert(String source) {
                return source.equals("only-errors") ? ExportLevel.ERROR : ExportLevel.DEBUG;
            }
        }

        @Bean
        @ConfigurationPropertiesBinding
        static Converter<String, ExportLevel> levels() {
            return new Levels();
        }
    }

    @Test
    void areConvertedByTheApplicationsConverters() {
        Contexts.enabled()
                .withUserConfiguration(OwnConverter.class)
                .withPropertyValues("databricks.telemetry.level=only-errors")
                .run(context -> assertThat(context.getBean(TelemetrySettings.class)
                                .common()
                                .settings()
                                .export()
                                .level())
                        .isEqualTo(ExportLevel.ERROR));
    }
}
