package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ClientSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Binds properties as Spring Boot does, without an application. */
public final class Settings {

    private Settings() {}

    private static Binder binder(String... assignments) {
        Map<String, String> source = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            source.put(
                    TelemetryProperties.PREFIX + "." + assignment.substring(0, equals),
                    assignment.substring(equals + 1));
        }
        return new Binder(new MapConfigurationPropertySource(source));
    }

    /** @param assignments {@code name=value}, names without the prefix */
    static TelemetryProperties properties(String... assignments) {
        return properties(binder(assignments));
    }

    private static TelemetryProperties properties(Binder binder) {
        return binder.bindOrCreate(TelemetryProperties.PREFIX, TelemetryProperties.class);
    }

    /**
     * The settings that these properties give.
     *
     * @param assignments {@code name=value}, names without the prefix
     */
    public static TelemetrySettings settings(String... assignments) {
        Binder binder = binder(assignments);
        return TelemetrySettings.of(properties(binder), binder, Settings::noBundle);
    }

    /** The settings of a client without an entry under {@code hosts}. */
    public static ClientSettings client(String... assignments) {
        TelemetrySettings settings = settings(assignments);
        return settings.client(settings.dataSource("any")).settings();
    }

    private static SSLContext noBundle(String name) {
        throw new IllegalArgumentException(name);
    }
}
