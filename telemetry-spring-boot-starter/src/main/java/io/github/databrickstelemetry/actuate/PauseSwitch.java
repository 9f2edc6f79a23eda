package io.github.databrickstelemetry.actuate;

import java.util.function.BooleanSupplier;

/**
 * Pauses the export of all clients, also of those that do not exist yet. Events are still taken. Thread-safe. The send gate
 * reads it whenever a delivery is settled.
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
