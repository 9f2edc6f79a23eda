package io.github.databrickstelemetry.client;

/** What a client does at present. In all states but {@link #CLOSED} listeners get its finished metrics. */
public enum ClientStatus {
    /** Sends, as far as the feature flag and the circuit breaker allow. */
    ACTIVE,
    /** Sends nothing, because the settings switch export off. */
    EXPORT_OFF,
    /** Sends nothing until it is resumed, or until telemetry is switched on again. */
    PAUSED,
    /** Has no credentials to send with. */
    NO_CREDENTIALS,
    /** Sends nothing, because requests to the host are not allowed. */
    HOST_REFUSED,
    /** Closed: takes and sends nothing. */
    CLOSED
}
