package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.properties.TelemetrySwitch;
import io.github.databrickstelemetry.properties.UnknownProperties;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;

/** Logs at debug, once all singletons exist, which property names are unknown. */
final class StartReport implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(StartReport.class);

    private final Environment environment;
    private final Guard guard;

    StartReport(Environment environment, Guard guard) {
        this.environment = environment;
        this.guard = guard;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (logger.isDebugEnabled()) {
            guard.run("the report of the start", this::log);
        }
    }

    private void log() {
        boolean on = TelemetrySwitch.isOn(environment);
        logger.debug("Telemetry is {}", on ? "enabled" : "switched off at run time");
        for (String name : on ? UnknownProperties.in(environment) : List.<String>of()) {
            logger.debug("Telemetry has no property {}, which is ignored", name);
        }
    }
}
