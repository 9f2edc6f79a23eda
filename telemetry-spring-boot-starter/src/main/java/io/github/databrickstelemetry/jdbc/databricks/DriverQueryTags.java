package io.github.databrickstelemetry.jdbc.databricks;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Query tags of a session in the form of the driver, {@code key:value,key:value}. Stateless. */
final class DriverQueryTags {

    /** The driver's name of the parameter. */
    static final String PARAMETER = "query_tags";

    /** More than these are refused by the server. */
    static final int MAX_TAGS = 20;

    /** A comma or a colon after a backslash is part of a key or value. */
    private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

    private static final Pattern COLON = Pattern.compile("(?<!\\\\):");

    private DriverQueryTags() {}

    /**
     * The tags of a data source, followed by further ones whose keys it does not have. At most {@value #MAX_TAGS}; further
     * ones are left out.
     *
     * @param own the data source's own value of the parameter, or null
     * @param further tags whose keys and values need no escape
     */
    static String merge(@Nullable String own, Map<String, String> further) {
        StringJoiner merged = new StringJoiner(",");
        Set<String> keys = new HashSet<>();
        for (String tag : COMMA.split(own == null ? "" : own, -1)) {
            if (!tag.isBlank()) {
                merged.add(tag);
                keys.add(COLON.split(tag, 2)[0].strip());
            }
        }
        further.forEach((key, value) -> {
            if (keys.size() < MAX_TAGS && keys.add(key)) {
                merged.add(key + ":" + value);
            }
        });
        return merged.toString();
    }
}
