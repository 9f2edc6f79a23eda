package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.workspace.WorkspaceHost;

/** Observes flags. Called on the executor's threads; must be quick. What it throws is swallowed. */
@FunctionalInterface
public interface FlagListener {

    /** The state of a host's flag changed, or a question to the host ended. */
    void onFlagState(WorkspaceHost host, FlagState state);
}
