package io.github.databrickstelemetry.actuate;

import java.util.function.BooleanSupplier;

/**
 * Whether a person has paused telemetry as a whole, clients that do not exist yet included. Thread-safe; reading it is
 * as cheap as reading a field, since the engine asks for every event.
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
