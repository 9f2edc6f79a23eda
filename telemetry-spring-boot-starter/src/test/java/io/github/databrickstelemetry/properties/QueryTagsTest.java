package io.github.databrickstelemetry.properties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class QueryTagsTest {

    private final MockEnvironment environment = new MockEnvironment();

    private Map<String, String> tags(String beanName) {
        return Settings.settings(environment).queryTags().forDataSource(beanName);
    }

    private void set(String name, String value) {
        environment.setProperty("databricks.telemetry." + name, value);
    }

    @Test
    void thereAreNoneWithoutAProperty() {
        assertThat(tags("orders")).isEmpty();
    }

    @Test
    void areThoseOfThePropertiesForEachDataSource() {
        set("query-tags.team", "data");
        set("query-tags.cost_center", "4711");

        assertThat(tags("orders"))
                .containsOnly(Map.entry("team", "data"), Map.entry("cost_center", "4711"))
                .isEqualTo(tags("other"));
    }

    @Test
    void nameTheApplicationTheBeanAndTheProfilesWhereAskedTo() {
        environment.setProperty("spring.application.name", "shop");
        environment.setActiveProfiles("prod", "eu");
        set("query-tags-from", "application,bean,profile");

        assertThat(tags("orders"))
                .containsOnly(
                        Map.entry("application", "shop"), Map.entry("bean", "orders"), Map.entry("profile", "prod+eu"));
    }

    @Test
    void leaveOutANameThatDoesNotExist() {
        set("query-tags-from", "application,profile");

        assertThat(tags("orders")).isEmpty();
    }

    @Test
    void ofThePropertiesTakePrecedenceOverNames() {
        environment.setProperty("spring.application.name", "shop");
        set("query-tags.application", "checkout");
        set("query-tags.bean", "fixed");
        set("query-tags-from", "application,bean");

        assertThat(tags("orders")).containsOnly(Map.entry("application", "checkout"), Map.entry("bean", "fixed"));
    }

    @Test
    void fitNamesToTheLimits() {
        environment.setProperty("spring.application.name", "a:b,c\\d" + "x".repeat(200));
        set("query-tags-from", "application");

        assertThat(tags("orders").get("application")).startsWith("a_b_c_dx").hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a:b", "a\\b", "a\nb", " ", ""})
    void withAForbiddenValueFailTheStart(String value) {
        set("query-tags.team", value);

        assertThatExceptionOfType(InvalidTelemetryPropertyException.class)
                .isThrownBy(() -> tags("orders"))
                .withMessageStartingWith("databricks.telemetry.query-tags.team is " + value + ", but must be")
                .withMessageContaining("1 to 128 characters without comma, colon, backslash");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a:b", "@@a"})
    void withAForbiddenKeyFailTheStart(String key) {
        set("query-tags[" + key + "]", "value");

        assertThatExceptionOfType(InvalidTelemetryPropertyException.class)
                .isThrownBy(() -> tags("orders"))
                .withMessageStartingWith("databricks.telemetry.query-tags." + key + " ");
    }

    @Test
    void thatAreTooLongFailTheStart() {
        set("query-tags.team", "x".repeat(128));
        assertThat(tags("orders")).hasSize(1);

        set("query-tags.team", "x".repeat(129));
        assertThatExceptionOfType(InvalidTelemetryPropertyException.class).isThrownBy(() -> tags("orders"));
    }

    @Test
    void areTwentyAtMost() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            names.add("t" + i);
            set("query-tags.t" + i, "v");
        }
        assertThat(tags("orders")).containsOnlyKeys(names);

        set("query-tags-from", "bean");
        assertThatExceptionOfType(InvalidTelemetryPropertyException.class)
                .isThrownBy(() -> tags("orders"))
                .withMessage("databricks.telemetry.query-tags is 21 tags with those of query-tags-from,"
                        + " but must be at most 20 tags");
    }
}
