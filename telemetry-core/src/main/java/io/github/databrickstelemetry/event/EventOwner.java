package io.github.databrickstelemetry.event;

/**
 * The engine's side of one client, to whom the events of its sessions belong. Only the engine implements and calls it;
 * applications use {@link TelemetryEventEmitter}.
 */
public interface EventOwner {

    /** Whether events are taken at present. For any thread; read for every event, so it must be as cheap as a field. */
    boolean takesEvents();

    /** Puts an event into the queue, or counts it as refused. For any thread; never blocks. */
    void offer(TelemetryEvent event);

    /** Takes in an event that has left the queue. For the engine's single worker only. */
    void accept(TelemetryEvent event);
}
