package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.client.TelemetryClient;

/** An action of the endpoint. */
public enum TelemetryAction {
    /** Send pending metrics soon. */
    FLUSH,
    /** Accept no event and send nothing until resumed. */
    PAUSE,
    /** Accept events and send again. */
    RESUME;

    void applyTo(TelemetryClient client) {
        switch (this) {
            case FLUSH -> client.flush();
            case PAUSE -> client.pause();
            case RESUME -> client.resume();
        }
    }

    /** Applied before the clients, so that a client which is made at the same time is paused or resumed as well. */
    void applyTo(PauseSwitch all) {
        if (this != FLUSH) {
            all.set(this == PAUSE);
        }
    }
}
