package io.github.databrickstelemetry.properties;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Properties with our prefix that nothing reads: most often misspelt ones. They do not fail the start, as several
 * applications with different versions of this library may share a configuration. Environment variables and system
 * properties are left out, because many programs share them.
 */
public final class UnknownProperties {

    private static final Logger logger = LoggerFactory.getLogger(UnknownProperties.class);

    private UnknownProperties() {}

    /** Logs the names at debug. */
    public static void log(Environment environment) {
        if (logger.isDebugEnabled()) {
            boolean on = TelemetrySwitch.isOn(environment);
            logger.debug("Telemetry is {}", on ? "enabled" : "switched off at run time");
            for (String name : on ? in(environment) : List.<String>of()) {
                logger.debug("Telemetry has no property {}, which is ignored", name);
            }
        }
    }

    /** The names in order, without the values. Binds all properties, so each call takes milliseconds. */
    public static List<String> in(Environment environment) {
        try {
            Binder.get(environment)
                    .bind(
                            TelemetryProperties.PREFIX,
                            Bindable.of(TelemetryProperties.class),
                            new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
        } catch (BindException failure) {
            if (failure.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
                return unknown.getUnboundProperties().stream()
                        .map(property -> property.getName().toString())
                        .sorted()
                        .toList();
            }
        }
        return List.of();
    }
}
