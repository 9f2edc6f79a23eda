package io.github.databrickstelemetry.properties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.properties.TelemetryProperties.StatementLogMode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Properties as environment variables, in both forms that Spring Boot knows. */
class EnvironmentVariablesTest {

    enum Form {
        WITHOUT_DASHES(""),
        DASHES_AS_UNDERSCORES("_");

        private final String dash;

        Form(String dash) {
            this.dash = dash;
        }

        TelemetrySettings settings(String... assignments) {
            Map<String, Object> variables = new HashMap<>();
            for (String assignment : assignments) {
                int equals = assignment.indexOf('=');
                String name = TelemetryProperties.PREFIX + "." + assignment.substring(0, equals);
                variables.put(
                        name.replace("-", dash).replace('.', '_').toUpperCase(Locale.ROOT),
                        assignment.substring(equals + 1));
            }
            StandardEnvironment environment = new StandardEnvironment();
            environment
                    .getPropertySources()
                    .replace(
                            SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                            new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
            return Settings.settings(environment);
        }
    }

    /** Without the headers: a variable cannot spell their names. */
    static Stream<Arguments> clientProperties() {
        return TelemetryPropertiesTest.clientProperties()
                .filter(property -> !property.get()[0].toString().startsWith("export.headers"))
                .flatMap(property -> Stream.of(Form.values())
                        .map(form -> Arguments.of(form, property.get()[0], property.get()[1], property.get()[2])));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clientProperties")
    void holdForAllHosts(
            Form form, String assignment, Function<ClientSettings, @Nullable Object> read, Object expected) {
        TelemetrySettings settings = form.settings(assignment, "hosts.prod.host=prod.example.com");

        assertThat(read.apply(settings.common().settings())).isEqualTo(expected);
        assertThat(read.apply(settings.host("prod").settings())).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clientProperties")
    void holdForOneHost(
            Form form, String assignment, Function<ClientSettings, @Nullable Object> read, Object expected) {
        TelemetrySettings settings = form.settings("hosts.prod.host=prod.example.com", "hosts.prod." + assignment);

        assertThat(read.apply(settings.host("prod").settings())).isEqualTo(expected);
        assertThat(settings.common().settings()).isEqualTo(ClientSettings.DEFAULTS);
    }

    @ParameterizedTest
    @EnumSource
    void nameTheProxy(Form form) {
        TelemetrySettings settings = form.settings(
                "export.proxy.host=proxy.example.com",
                "export.proxy.port=3128",
                "hosts.prod.host=prod.example.com",
                "hosts.prod.export.proxy.system=true",
                "hosts.test.host=test.example.com");

        ProxySettings common = new ProxySettings("proxy.example.com", 3128, null, null, List.of(), false);
        assertThat(settings.common().proxy()).isEqualTo(common);
        assertThat(settings.host("test").proxy()).isEqualTo(common);
        assertThat(settings.host("prod").proxy()).isEqualTo(new ProxySettings(null, 0, null, null, List.of(), true));
    }

    @ParameterizedTest
    @EnumSource
    void setWhatIsNoClients(Form form) {
        TelemetrySettings settings = form.settings(
                "queue-capacity=1024",
                "insight.log=slow",
                "insight.recent-statements=7",
                "query-tags-from=bean",
                "hosts.prod.host=prod.example.com",
                "hosts.prod.workspace-id=4711");

        assertThat(settings.engine().queueCapacity()).isEqualTo(1024);
        assertThat(settings.insight().log()).isEqualTo(StatementLogMode.SLOW);
        assertThat(settings.insight().recentStatements()).isEqualTo(7);
        assertThat(settings.queryTags().withBean()).isTrue();
        assertThat(settings.host("prod").workspaceId()).isEqualTo(4711);
    }

    /** Boot finds the keys of a map only below the name without dashes. */
    @ParameterizedTest
    @EnumSource(names = "WITHOUT_DASHES")
    void describeDataSourcesAndQueryTags(Form form) {
        TelemetrySettings settings = form.settings(
                "data-sources.orders.enabled=false", "data-sources.orders.http-path=/x", "query-tags.team=data");

        assertThat(settings.dataSource("orders").enabled()).isFalse();
        assertThat(settings.dataSource("orders").httpPath()).isEqualTo("/x");
        assertThat(settings.queryTags().tags()).isEqualTo(Map.of("team", "data"));
    }
}
