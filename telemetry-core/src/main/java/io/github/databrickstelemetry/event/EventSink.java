package io.github.databrickstelemetry.event;

/** Where emitters put their events: a bounded queue. Thread-safe; never blocks. */
@FunctionalInterface
public interface EventSink {

    /** Takes the event, or refuses it because the queue is full or closed. */
    boolean offer(TelemetryEvent event);
}
