package io.github.databrickstelemetry.event;

/** Whom a session's events belong to: the engine's view of one client. Called by the engine's single worker only. */
@FunctionalInterface
public interface EventOwner {

    /** Takes in one event. */
    void accept(TelemetryEvent event);
}
