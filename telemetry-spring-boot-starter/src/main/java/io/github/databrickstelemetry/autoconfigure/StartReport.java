package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.properties.InsightProperties;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import io.github.databrickstelemetry.properties.TelemetrySwitch;
import io.github.databrickstelemetry.properties.UnknownProperties;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;

/** Logs, at debug and once all singletons exist, what is switched off and which property names are unknown. */
final class StartReport implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(StartReport.class);

    private final ObjectProvider<TelemetryProperties> properties;
    private final Environment environment;
    private final Guard guard;

    StartReport(ObjectProvider<TelemetryProperties> properties, Environment environment, Guard guard) {
        this.properties = properties;
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
        if (!TelemetrySwitch.isOn(environment)) {
            logger.debug("Telemetry is switched off at run time");
            return;
        }
        List<String> off = switchedOff(properties.getObject());
        logger.debug("Telemetry is enabled; switched off: {}", off.isEmpty() ? "nothing" : String.join(", ", off));
        for (String name : UnknownProperties.in(environment)) {
            logger.debug("Telemetry has no property {}, which is ignored", name);
        }
    }

    /** The switches that are on by default. */
    private static List<String> switchedOff(TelemetryProperties properties) {
        InsightProperties insight = properties.getInsight();
        List<String> off = new ArrayList<>();
        add(off, "export.enabled", properties.getExport().isEnabled());
        add(off, "authenticated-export", properties.isAuthenticatedExport());
        add(off, "feature-flag.enabled", properties.getFeatureFlag().isEnabled());
        add(off, "insight.traces", insight.isTraces());
        add(off, "insight.metrics", insight.isMetrics());
        properties.getHosts().forEach((name, host) -> add(off, "hosts." + name + ".enabled", host.isEnabled()));
        properties
                .getDataSources()
                .forEach((name, source) -> add(off, "data-sources." + name + ".enabled", source.isEnabled()));
        return off;
    }

    private static void add(List<String> off, String name, boolean on) {
        if (!on) {
            off.add(name);
        }
    }
}
