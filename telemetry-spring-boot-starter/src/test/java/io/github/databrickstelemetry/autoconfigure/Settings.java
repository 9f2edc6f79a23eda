package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.ClientSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Binds properties as Spring Boot does, without an application. */
final class Settings {

    private Settings() {}

    /** @param assignments {@code name=value}, names without the prefix */
    static TelemetryProperties properties(String... assignments) {
        Map<String, String> source = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            source.put(
                    TelemetryProperties.PREFIX + "." + assignment.substring(0, equals),
                    assignment.substring(equals + 1));
        }
        return new Binder(new MapConfigurationPropertySource(source))
                .bindOrCreate(TelemetryProperties.PREFIX, TelemetryProperties.class);
    }

    static TelemetrySettings settings(String... assignments) {
        return SettingsReader.read(properties(assignments), Settings::noBundle);
    }

    /** Those of a client of which nothing particular is said. */
    static ClientSettings client(String... assignments) {
        TelemetrySettings settings = settings(assignments);
        return settings.client(settings.dataSource("any")).settings();
    }

    private static SSLContext noBundle(String name) {
        throw new IllegalArgumentException(name);
    }
}
