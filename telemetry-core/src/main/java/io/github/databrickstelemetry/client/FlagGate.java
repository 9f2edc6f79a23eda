package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.flag.FlagState;

/** One client's view of its host's feature flag. Called by the worker only. */
interface FlagGate {

    /** Starts to ask for the flag. */
    void open();

    /** What is known at present. Does not block. */
    FlagState state();

    /** Whether a question is under way. */
    boolean isAsking();

    /** Stops to ask. */
    void close();
}
