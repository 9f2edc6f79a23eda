package io.github.databrickstelemetry.workspace.internal;

/** What keeps a request to a workspace from being sent at all. */
public enum BlockedReason {
    /** There are no credentials now that a request can carry. */
    NO_CREDENTIALS,
    /** The host may not be contacted. */
    HOST_REFUSED
}
