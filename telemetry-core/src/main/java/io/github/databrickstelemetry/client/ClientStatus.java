package io.github.databrickstelemetry.client;

/** What a client does at present. */
public enum ClientStatus {
    /** Takes events and sends. */
    ACTIVE,
    /** Paused by a person: takes and sends nothing. */
    PAUSED,
    /** Takes events, but has no credentials to send them with. */
    NO_CREDENTIALS,
    /** The host may not be contacted: takes and sends nothing. */
    HOST_REFUSED,
    /** Closed: takes and sends nothing. */
    CLOSED
}
