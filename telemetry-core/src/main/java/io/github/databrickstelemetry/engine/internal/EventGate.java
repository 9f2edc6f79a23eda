package io.github.databrickstelemetry.engine.internal;

import java.util.function.BooleanSupplier;

/** Says to a client's emitter whether events are taken: until the client closes, unless the kill switch is on. Thread-safe. */
final class EventGate implements BooleanSupplier {

    private final BooleanSupplier killSwitch;
    private volatile boolean closed;

    EventGate(BooleanSupplier killSwitch) {
        this.killSwitch = killSwitch;
    }

    @Override
    public boolean getAsBoolean() {
        return !closed && !killSwitch.getAsBoolean();
    }

    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
