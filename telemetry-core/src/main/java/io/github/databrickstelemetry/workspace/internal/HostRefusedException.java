package io.github.databrickstelemetry.workspace.internal;

import java.io.IOException;

/** A request was not sent, because its host may not be contacted. */
public final class HostRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final HostRefusal refusal;

    HostRefusedException(HostRefusal refusal) {
        super("Host refused: " + refusal);
        this.refusal = refusal;
    }

    /** The reason. */
    public HostRefusal refusal() {
        return refusal;
    }
}
