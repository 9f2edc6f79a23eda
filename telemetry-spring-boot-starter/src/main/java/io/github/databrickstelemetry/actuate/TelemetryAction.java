package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.client.TelemetryClient;

/** What the endpoint can be told to do. */
public enum TelemetryAction {
    /** Send soon what is pending. */
    FLUSH,
    /** Take and send nothing until resumed. */
    PAUSE,
    /** Take and send again. */
    RESUME;

    void applyTo(TelemetryClient client) {
        switch (this) {
            case FLUSH -> client.flush();
            case PAUSE -> client.pause();
            case RESUME -> client.resume();
        }
    }

    /** Before the clients are told, so that one which is made meanwhile is paused or resumed as well. */
    void applyTo(PauseSwitch all) {
        if (this != FLUSH) {
            all.set(this == PAUSE);
        }
    }
}
