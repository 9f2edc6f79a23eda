package io.github.databrickstelemetry.actuate;

import java.util.function.BooleanSupplier;

/**
 * Pauses telemetry as a whole, clients that do not exist yet included. Thread-safe. The engine reads it for each event,
 * which costs as much as reading a field.
 */
public final class PauseSwitch implements BooleanSupplier {

    private volatile boolean paused;

    @Override
    public boolean getAsBoolean() {
        return paused;
    }

    void set(boolean pause) {
        paused = pause;
    }
}
