package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The application's query tags beside those of the data source. */
class DriverQueryTagsTest {

    private static Map<String, String> tags(String... keysAndValues) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            tags.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return tags;
    }

    private static DatabricksUrl url(String parameters, Properties properties) {
        return Objects.requireNonNull(
                DatabricksUrl.parse(new JdbcSource("jdbc:databricks://h;" + parameters, null, null, properties)));
    }

    private static String merged(@Nullable String own, Map<String, String> further) {
        Properties properties = new Properties();
        if (own != null) {
            properties.setProperty("query_tags", own);
        }
        return Objects.requireNonNull(
                url("", properties).withQueryTags(further).queryTags().get("query_tags"));
    }

    @Test
    void areWrittenAsTheDriverTakesThem() {
        assertThat(merged(null, tags("app", "orders", "env", "prod"))).isEqualTo("app:orders,env:prod");
        assertThat(merged("", tags("app", "orders"))).isEqualTo("app:orders");
    }

    @Test
    void giveWayToTheDataSourcesOwn() {
        assertThat(merged("team:a, app :own", tags("app", "orders", "env", "prod")))
                .isEqualTo("team:a, app :own,env:prod");
    }

    @Test
    void leaveEscapedSeparatorsOfTheDataSourceAlone() {
        assertThat(merged("a\\,b:1,c\\:d:2,flag", tags("b", "3", "c", "4", "flag", "5")))
                .isEqualTo("a\\,b:1,c\\:d:2,flag,b:3,c:4");
    }

    @Test
    void areAtMostTwentyInAll() {
        Map<String, String> many = new LinkedHashMap<>();
        for (int i = 0; i < 30; i++) {
            many.put("k" + i, "v");
        }
        assertThat(merged("own:1", many).split(",", -1))
                .hasSize(20)
                .startsWith("own:1", "k0:v")
                .endsWith("k18:v");
    }

    @Test
    void areADriverPropertyAndAConnectionDetail() {
        DatabricksUrl plain = url("httpPath=/sql/1.0/warehouses/a", new Properties());
        assertThat(plain.queryTags()).isEmpty();
        assertThat(plain.withQueryTags(Map.of())).isSameAs(plain);
        assertThat(plain.details(getClass().getClassLoader()).parameters()).doesNotContainKey("query_tags");

        DatabricksUrl tagged = plain.withQueryTags(tags("app", "orders"));
        assertThat(tagged.queryTags()).containsExactly(Map.entry("query_tags", "app:orders"));
        assertThat(tagged.details(getClass().getClassLoader()).parameters()).containsEntry("query_tags", "app:orders");
    }

    @Test
    void mergeWithThoseOfUrlAndProperties() {
        Properties properties = new Properties();
        properties.setProperty("query_tags", "app:of-properties");
        assertThat(url("a=b", properties)
                        .withQueryTags(tags("app", "x", "env", "y"))
                        .queryTags())
                .containsValue("app:of-properties,env:y");
        assertThat(url("QUERY_TAGS=app:of-url", properties)
                        .withQueryTags(tags("app", "x", "env", "y"))
                        .queryTags())
                .containsValue("app:of-url,env:y");
    }

    @Test
    void areKnownToThisBuildsDriver() {
        assertThat(DatabricksDriver.hasProperty("query_tags", getClass().getClassLoader()))
                .isTrue();
        assertThat(DatabricksDriver.hasProperty("query_tags", ClassLoader.getPlatformClassLoader()))
                .isFalse();
    }
}
