package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.properties.HostProperties.DriverTelemetryMode;
import io.github.databrickstelemetry.properties.TelemetrySettings.HostSettings;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

/** Binds properties as Spring Boot does, without an application. */
public final class Settings {

    /** A workspace about which no property says anything. */
    static final HostSettings DEFAULT_HOST =
            new HostSettings(true, null, null, null, ClientSettings.DEFAULTS, DriverTelemetryMode.REPLACE, null, null);

    private Settings() {}

    private static MockEnvironment environment(String... assignments) {
        MockEnvironment environment = new MockEnvironment();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            environment.setProperty(
                    TelemetryProperties.PREFIX + "." + assignment.substring(0, equals),
                    assignment.substring(equals + 1));
        }
        return environment;
    }

    /**
     * The settings that these properties give.
     *
     * @param assignments {@code name=value}, names without the prefix
     */
    public static TelemetrySettings settings(String... assignments) {
        return settings(environment(assignments));
    }

    static TelemetrySettings settings(Environment environment) {
        TelemetryProperties properties =
                Binder.get(environment).bindOrCreate(TelemetryProperties.PREFIX, TelemetryProperties.class);
        return TelemetrySettings.of(properties, environment, Settings::noBundle);
    }

    /** The settings of a client without an entry under {@code hosts}. */
    public static ClientSettings client(String... assignments) {
        return settings(assignments).common().settings();
    }

    private static SslBundle noBundle(String name) {
        throw new IllegalArgumentException(name);
    }
}
