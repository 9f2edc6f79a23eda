package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import org.jspecify.annotations.Nullable;

/** One client's view of its host's feature flag. Called by the worker only. */
interface FlagGate {

    /** Starts to ask for the flag. */
    void open();

    /** What is known at present. Does not block. */
    FlagState state();

    /** What kept the last question with this client's credentials from being sent, or null. Does not block. */
    @Nullable
    BlockedReason obstacle();

    /** Whether a question is under way. */
    boolean isAsking();

    /** Stops to ask. */
    void close();
}
