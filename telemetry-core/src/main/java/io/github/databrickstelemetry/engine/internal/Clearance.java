package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether one client may send as far as its host is concerned: what the flag says, what kept the last request from being
 * sent, and how long the service asked to wait. Belongs to the worker.
 *
 * <p>An obstacle holds as long as somebody will try again, or it would stay for ever: while there is no answer about the
 * flag, that is the next question, and while the flag is on, the next export of what was kept.
 */
final class Clearance {

    private final FlagGate gate;
    private final Intake intake;
    private final long longestWaitMillis;
    private FlagState flag;
    private @Nullable BlockedReason obstacle;
    private boolean refused;
    private long notBeforeNanos;

    /**
     * @param intake is told when the host is refused, and when it is not any more
     * @param longestWait that a service may ask for
     */
    Clearance(FlagGate gate, Intake intake, Duration longestWait, long nowNanos) {
        this.gate = gate;
        this.intake = intake;
        this.longestWaitMillis = longestWait.toMillis();
        this.flag = gate.state();
        this.notBeforeNanos = nowNanos;
    }

    /** Looks at the flag anew. */
    void look() {
        boolean answered = flag.enabled() != null;
        flag = gate.state();
        if (flag.enabled() == null) {
            met(gate.obstacle());
        } else if (isOff() || !answered) {
            met(null);
        }
    }

    /** An export has ended. */
    void exported(ExportResult result, long nowNanos) {
        notBeforeNanos =
                nowNanos + TimeUnit.MILLISECONDS.toNanos(Math.min(longestWaitMillis, result.retryAfterMillis()));
        ExportError error = result.kept().isEmpty() ? null : result.error();
        if (error != null && error.hostRefused()) {
            met(BlockedReason.HOST_REFUSED);
        } else {
            met(error != null && error.noCredentials() ? BlockedReason.NO_CREDENTIALS : null);
        }
    }

    private void met(@Nullable BlockedReason now) {
        obstacle = now;
        // A host that is refused as it is written stays so: only what was found out since may change.
        if (refused != (now == BlockedReason.HOST_REFUSED)) {
            refused = !refused;
            intake.refuse(refused);
        }
    }

    /** Whether the time is over that the service asked not to be sent to. */
    boolean hasWaited(long nowNanos) {
        return nowNanos - notBeforeNanos >= 0;
    }

    /** Whether the flag is known to be on. */
    boolean isOn() {
        return Boolean.TRUE.equals(flag.enabled());
    }

    /** Whether the flag is known to be off. */
    boolean isOff() {
        return Boolean.FALSE.equals(flag.enabled());
    }

    /** Whether there is no answer about the flag, nor one to wait for: the last question failed. */
    boolean noFlagComes() {
        return flag.enabled() == null && flag.lastError() != null && !gate.isAsking();
    }

    /** Whether nothing was sent for want of credentials. */
    boolean noCredentials() {
        return obstacle == BlockedReason.NO_CREDENTIALS;
    }
}
