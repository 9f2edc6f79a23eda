package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.ClientStatus;
import java.util.function.BooleanSupplier;

/**
 * Whether a client takes events: one field for emitters to read, several reasons why not. Thread-safe.
 */
final class Intake implements BooleanSupplier {

    private final BooleanSupplier killSwitch;
    private volatile boolean open = true;
    private boolean paused;
    private boolean refused;
    private boolean closed;

    Intake(BooleanSupplier killSwitch) {
        this.killSwitch = killSwitch;
    }

    @Override
    public boolean getAsBoolean() {
        return open && !killSwitch.getAsBoolean();
    }

    /** Whether telemetry is switched off altogether, so that nothing may be sent either. */
    boolean isSwitchedOff() {
        return killSwitch.getAsBoolean();
    }

    synchronized void pause(boolean pause) {
        paused = pause;
        update();
    }

    /** The host may not be contacted. */
    synchronized void refuse(boolean refuse) {
        refused = refuse;
        update();
    }

    synchronized void close() {
        closed = true;
        update();
    }

    private void update() {
        open = !paused && !refused && !closed;
    }

    /** The reason that people should see. */
    synchronized ClientStatus status(boolean noCredentials) {
        if (closed) {
            return ClientStatus.CLOSED;
        }
        if (refused) {
            return ClientStatus.HOST_REFUSED;
        }
        if (paused || killSwitch.getAsBoolean()) {
            return ClientStatus.PAUSED;
        }
        return noCredentials ? ClientStatus.NO_CREDENTIALS : ClientStatus.ACTIVE;
    }
}
