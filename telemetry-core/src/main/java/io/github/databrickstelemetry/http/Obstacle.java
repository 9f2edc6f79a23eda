package io.github.databrickstelemetry.http;

/** What keeps a request to a workspace from being sent at all. */
public enum Obstacle {
    /** There are no credentials now that a request can carry. */
    NO_CREDENTIALS,
    /** The host may not be contacted. */
    HOST_REFUSED
}
