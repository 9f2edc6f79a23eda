package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.internal.FlagHandle;
import io.github.databrickstelemetry.flag.internal.FlagHandle.BlockedReason;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whether one client may send now, and if not, why. Belongs to the worker.
 *
 * <p>Missing credentials and a host that resolves to a forbidden address do not keep the client from sending: the next
 * export finds out whether they still hold. They show in the client's status until then.
 */
final class SendGate {

    private static final Logger logger = LoggerFactory.getLogger(SendGate.class);

    /** Why a client does not send. */
    enum Blocked {
        EXPORT_OFF,
        HOST_REFUSED,
        SWITCHED_OFF,
        PAUSED,
        FLAG_UNKNOWN,
        FLAG_OFF,
        RETRY_AFTER
    }

    private final String host;
    private final ExportLevel level;
    private final boolean hostRefused;
    private final BooleanSupplier switchedOff;
    private final BooleanSupplier pausedForAll;
    private final long longestWaitMillis;
    private @Nullable Supplier<FlagHandle> opener;
    private @Nullable FlagHandle handle;
    private FlagState flag = FlagState.UNKNOWN;
    private @Nullable BlockedReason lastBlocked;
    private @Nullable Blocked reported;
    private boolean paused;
    private long notBeforeNanos;

    /**
     * @param host {@code host:port}
     * @param export says whether, what and when to send
     * @param hostRefused whether the host's address, as it is written, is forbidden
     * @param switchedOff the kill switch
     * @param pausedForAll whether all exports are paused
     */
    SendGate(
            String host,
            ExportSettings export,
            boolean hostRefused,
            BooleanSupplier switchedOff,
            BooleanSupplier pausedForAll) {
        this.host = host;
        this.level = export.enabled() ? export.level() : ExportLevel.OFF;
        this.hostRefused = hostRefused;
        this.switchedOff = switchedOff;
        this.pausedForAll = pausedForAll;
        this.longestWaitMillis = export.retry().retryAfterMax().toMillis();
    }

    /** The next {@link #refresh} opens this flag's handle, unless no request may be sent anyway. */
    void follow(Supplier<FlagHandle> flagToOpen) {
        opener = level == ExportLevel.OFF || hostRefused ? null : flagToOpen;
    }

    /** Opens the flag's handle if that is not done yet, and reads the flag. */
    void refresh(long nowNanos) {
        if (opener != null) {
            // If there is no memory for the handle, the next round tries again.
            handle = opener.get();
            opener = null;
            notBeforeNanos = nowNanos;
        }
        if (handle == null) {
            return;
        }
        boolean known = flag.enabled() != null;
        flag = handle.state();
        if (flag.enabled() == null) {
            lastBlocked = handle.blockedReason();
        } else if (!flag.enabled() || !known) {
            // The next export says what still holds.
            lastBlocked = null;
        }
    }

    /** Takes in the result of an export. */
    void exported(ExportResult result, long nowNanos) {
        long wait = Math.min(longestWaitMillis, result.retryAfterMillis());
        notBeforeNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(wait);
        ExportError error = result.error();
        if (error == null || result.kept().isEmpty()) {
            lastBlocked = null;
        } else if (error.hostRefused()) {
            lastBlocked = BlockedReason.HOST_REFUSED;
        } else {
            lastBlocked = error.noCredentials() ? BlockedReason.NO_CREDENTIALS : null;
        }
    }

    void pause(boolean pause) {
        paused = pause;
    }

    /** The reason why the client does not send now, or null if it may. */
    @Nullable
    Blocked blocked(long nowNanos) {
        Blocked now = blockedForLong();
        return now == null && nanosUntilRetry(nowNanos) > 0 ? Blocked.RETRY_AFTER : now;
    }

    /** As {@link #blocked}, without the wait that the service has requested: a client that closes cannot wait. */
    @Nullable
    Blocked blockedForLong() {
        if (level == ExportLevel.OFF) {
            return Blocked.EXPORT_OFF;
        }
        if (hostRefused) {
            return Blocked.HOST_REFUSED;
        }
        if (switchedOff.getAsBoolean()) {
            return Blocked.SWITCHED_OFF;
        }
        if (paused || pausedForAll.getAsBoolean()) {
            return Blocked.PAUSED;
        }
        if (flag.enabled() == null) {
            return Blocked.FLAG_UNKNOWN;
        }
        return flag.enabled() ? null : Blocked.FLAG_OFF;
    }

    /** Why metrics are dropped at once instead of waiting, or null if they wait. Asks no switch, which might throw. */
    @Nullable
    DropReason dropReason() {
        if (level == ExportLevel.OFF) {
            return DropReason.EXPORT_OFF;
        }
        if (hostRefused) {
            return DropReason.HOST_REFUSED;
        }
        return Boolean.FALSE.equals(flag.enabled()) ? DropReason.FLAG_OFF : null;
    }

    /** As {@link #dropReason()}, for one metric: the level may leave it out. */
    @Nullable
    DropReason dropReason(TelemetryMetric metric) {
        DropReason reason = dropReason();
        return reason == null && !includes(metric) ? DropReason.LEVEL : reason;
    }

    private boolean includes(TelemetryMetric metric) {
        return switch (level) {
            case OFF -> false;
            case ERROR -> metric.error() != null;
            case INFO ->
                metric.error() != null
                        || !(metric instanceof StatementMetric statement
                                && statement.statementType() == StatementType.METADATA);
            case DEBUG -> true;
        };
    }

    /**
     * Whether a client that closes need not wait: the flag is unknown, its last request has failed and none is in flight,
     * or something else blocks the client.
     */
    boolean isHopeless() {
        Blocked now = blockedForLong();
        if (now == Blocked.FLAG_UNKNOWN) {
            return flag.lastError() != null && (handle == null || !handle.isRequestInFlight());
        }
        return now != null;
    }

    /** Nanoseconds until the wait is over that the service has requested; 0 without such a time. */
    long nanosUntilRetry(long nowNanos) {
        return Math.max(0, notBeforeNanos - nowNanos);
    }

    /** One debug line when the reason has changed. */
    void report(long nowNanos) {
        Blocked now = blocked(nowNanos);
        if (now != reported) {
            reported = now;
            logger.debug("Export to {} is {}", host, now == null ? "allowed" : "blocked: " + now);
        }
    }

    ClientStatus status() {
        if (hostRefused || lastBlocked == BlockedReason.HOST_REFUSED) {
            return ClientStatus.HOST_REFUSED;
        }
        if (paused || pausedForAll.getAsBoolean() || switchedOff.getAsBoolean()) {
            return ClientStatus.PAUSED;
        }
        if (level == ExportLevel.OFF) {
            return ClientStatus.EXPORT_OFF;
        }
        return lastBlocked == BlockedReason.NO_CREDENTIALS ? ClientStatus.NO_CREDENTIALS : ClientStatus.ACTIVE;
    }

    FlagState flag() {
        return flag;
    }

    void close() {
        if (handle != null) {
            handle.close();
        }
    }
}
