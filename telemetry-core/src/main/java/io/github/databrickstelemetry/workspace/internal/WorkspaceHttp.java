package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.workspace.TelemetryTarget;

/**
 * Sends requests to workspaces. Thread-safe. A request blocks the thread that sends it, and no other: name, connection
 * and TLS are that thread's own work, and no connection outlives its request.
 */
public final class WorkspaceHttp implements AutoCloseable {

    private final HostValidator validator;
    private final TlsContexts contexts = new TlsContexts();
    private final Deadlines deadlines = new Deadlines();

    /** @param validator consulted before every request */
    public WorkspaceHttp(HostValidator validator) {
        this.validator = validator;
    }

    /** A channel to a target, to be closed when the target is no longer needed. Does no I/O and makes no thread. */
    public WorkspaceChannel open(TelemetryTarget target) {
        return new WorkspaceChannel(target, validator, contexts, deadlines);
    }

    /** Ends the thread that watches deadlines, once all channels are closed. */
    @Override
    public void close() {
        deadlines.close();
    }
}
