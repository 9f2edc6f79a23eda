package io.github.databrickstelemetry.workspace.internal;

import java.io.IOException;

/** A proxy refused to open a tunnel to the workspace. */
public final class TunnelRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    TunnelRefusedException(int status) {
        super("Proxy responded " + status);
        this.status = status;
    }

    /** The proxy's HTTP status. */
    public int status() {
        return status;
    }
}
