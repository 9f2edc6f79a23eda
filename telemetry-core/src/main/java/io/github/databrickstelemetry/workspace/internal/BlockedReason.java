package io.github.databrickstelemetry.workspace.internal;

/** Why no request to a workspace can be sent. */
public enum BlockedReason {
    /** There are no credentials now that a request can carry. */
    NO_CREDENTIALS,
    /** The host may not be contacted. */
    HOST_REFUSED
}
