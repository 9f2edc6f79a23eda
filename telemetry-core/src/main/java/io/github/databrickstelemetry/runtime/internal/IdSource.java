package io.github.databrickstelemetry.runtime.internal;

/** Where ids of metrics, and of statements and sessions without a server's id, come from. Thread-safe. */
@FunctionalInterface
public interface IdSource {

    /** A new random UUID in its canonical text form. */
    String newId();
}
