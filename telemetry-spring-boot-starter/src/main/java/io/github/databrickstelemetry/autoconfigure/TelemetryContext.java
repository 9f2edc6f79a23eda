package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.PauseSwitch;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * What the beans of this library share. One bean for all of it, as each costs the start of an application.
 *
 * @param settings the properties as checked settings
 * @param application what the application brings along
 * @param pauseSwitch pauses telemetry as a whole
 */
record TelemetryContext(TelemetrySettings settings, ApplicationBeans application, PauseSwitch pauseSwitch)
        implements SmartInitializingSingleton {

    @Override
    public void afterSingletonsInstantiated() {
        application.find();
    }
}
