package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.client.TelemetryClient;

/** What the endpoint can be told to do. */
public enum TelemetryAction {
    /** Send soon what is pending. */
    FLUSH {
        @Override
        void applyTo(TelemetryClient client) {
            client.flush();
        }
    },
    /** Take and send nothing until resumed. */
    PAUSE {
        @Override
        void applyTo(TelemetryClient client) {
            client.pause();
        }
    },
    /** Take and send again. */
    RESUME {
        @Override
        void applyTo(TelemetryClient client) {
            client.resume();
        }
    };

    abstract void applyTo(TelemetryClient client);
}
