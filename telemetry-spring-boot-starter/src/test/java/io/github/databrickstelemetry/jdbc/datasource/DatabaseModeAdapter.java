package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.DriverAdapter;
import java.util.Map;

/** H2's {@code MODE} stands for a setting of the driver's, which H2 takes from the URL and from properties. */
final class DatabaseModeAdapter implements DriverAdapter {

    static final DatabaseModeAdapter INSTANCE = new DatabaseModeAdapter();

    private DatabaseModeAdapter() {}

    @Override
    public String overriding(String url, Map<String, String> overrides) {
        return url;
    }
}
