package io.github.databrickstelemetry.event;

/** Turns a foreign exception into what may be reported of it. Thread-safe; may be called on application threads. */
@FunctionalInterface
public interface ErrorDescriber {

    /** Describes a failure at the configured level of detail. */
    ErrorDetails describe(Throwable failure);
}
