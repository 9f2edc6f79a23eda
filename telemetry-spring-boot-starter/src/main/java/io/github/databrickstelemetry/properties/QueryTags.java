package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.InvalidSettingException;
import io.github.databrickstelemetry.properties.TelemetryProperties.QueryTagSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * The query tags of the properties, validated against the service's limits: a session with a tag that the
 * service refuses would not open. Immutable.
 *
 * @param withBean whether each data source adds its bean's name
 */
public record QueryTags(Map<String, String> tags, boolean withBean) {

    private static final int MAX_TAGS = 20;
    private static final int MAX_LENGTH = 128;

    /** Comma, colon and backslash separate and escape tags. */
    private static final Pattern FORBIDDEN = Pattern.compile("[,:\\\\\\p{Cntrl}]");

    private static final String ALLOWED =
            "1 to " + MAX_LENGTH + " characters without comma, colon, backslash and control characters";

    /** @throws InvalidSettingException if a tag is not allowed */
    static QueryTags of(TelemetryProperties properties, Environment environment) {
        Map<String, String> tags = new LinkedHashMap<>();
        properties.queryTags().forEach((key, value) -> {
            check(key, value);
            tags.put(key.strip(), value.strip());
        });
        List<QueryTagSource> sources = properties.queryTagsFrom();
        for (QueryTagSource source : sources) {
            String value = switch (source) {
                case APPLICATION -> environment.getProperty("spring.application.name");
                case PROFILE -> String.join("+", environment.getActiveProfiles());
                case BEAN -> null;
            };
            putIfAbsent(tags, source, value);
        }
        boolean withBean = sources.contains(QueryTagSource.BEAN) && !tags.containsKey(key(QueryTagSource.BEAN));
        int count = tags.size() + (withBean ? 1 : 0);
        if (count > MAX_TAGS) {
            throw new InvalidSettingException(
                    "query-tags", count + " tags with those of query-tags-from", "at most " + MAX_TAGS + " tags");
        }
        return new QueryTags(Collections.unmodifiableMap(tags), withBean);
    }

    private static void check(String key, @Nullable String value) {
        String property = "query-tags." + key;
        if (isForbidden(key) || key.strip().startsWith("@@")) {
            throw new InvalidSettingException(property, "no valid key", ALLOWED + ", not beginning with @@");
        }
        if (value == null || isForbidden(value)) {
            throw new InvalidSettingException(property, value, ALLOWED);
        }
    }

    private static boolean isForbidden(String text) {
        return text.isBlank()
                || text.strip().length() > MAX_LENGTH
                || FORBIDDEN.matcher(text).find();
    }

    /** Replaces forbidden characters, because a name of the application was not chosen as a tag. */
    private static void putIfAbsent(Map<String, String> tags, QueryTagSource source, @Nullable String name) {
        if (name != null && !name.isBlank()) {
            String value = FORBIDDEN.matcher(name.strip()).replaceAll("_");
            tags.putIfAbsent(key(source), value.substring(0, Math.min(value.length(), MAX_LENGTH)));
        }
    }

    private static String key(QueryTagSource source) {
        return source.name().toLowerCase(Locale.ROOT);
    }

    /** The tags of a data source's sessions. No key or value needs an escape. */
    public Map<String, String> forDataSource(String beanName) {
        Map<String, String> all = new LinkedHashMap<>(tags);
        if (withBean) {
            putIfAbsent(all, QueryTagSource.BEAN, beanName);
        }
        return all;
    }
}
