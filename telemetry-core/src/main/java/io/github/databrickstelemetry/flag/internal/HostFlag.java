package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagStatus;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One host's side of the cache: who may ask, and what the last question came to. The answer itself is in the cache, which
 * forgets it when it expires. Guarded by its own monitor; nothing blocks inside.
 */
final class HostFlag {

    /** One principal on the host, counted. */
    static final class Asker {
        final TelemetryTarget target;
        final WorkspaceChannel channel;
        private int references;
        private @Nullable BlockedReason obstacle;

        Asker(TelemetryTarget target, WorkspaceChannel channel) {
            this.target = target;
            this.channel = channel;
        }
    }

    private final Map<String, Asker> askers = new LinkedHashMap<>();
    private boolean asking;
    private boolean troubled;
    /** Whether somebody came who is not among those that the question under way asks with. */
    private boolean newcomer;

    private int failures;
    private long notBeforeNanos;
    private @Nullable Boolean lastKnown;
    private long answeredAtMillis;
    private @Nullable String lastError;

    HostFlag(long notBeforeNanos) {
        this.notBeforeNanos = notBeforeNanos;
    }

    /** One more reference; other credentials than before are a reason to ask at once after a refusal. */
    synchronized void acquire(TelemetryTarget target, Function<TelemetryTarget, WorkspaceChannel> open, long now) {
        String principal = target.credentials().identity();
        Asker asker = askers.get(principal);
        if (asker == null) {
            asker = new Asker(target, open.apply(target));
            askers.put(principal, asker);
            newcomer = asking;
            if (failures > 0) {
                notBeforeNanos = now;
            }
        }
        asker.references++;
    }

    /** One reference less; true if nobody is left. A release that does not balance changes nothing. */
    synchronized boolean release(TelemetryTarget target) {
        String principal = target.credentials().identity();
        Asker asker = askers.get(principal);
        if (asker != null && --asker.references == 0) {
            askers.remove(principal);
            asker.channel.close();
        }
        return askers.isEmpty();
    }

    /** Begins a question if none is under way and the back-off is over. */
    synchronized boolean begin(long now) {
        if (asking || askers.isEmpty() || now - notBeforeNanos < 0) {
            return false;
        }
        asking = true;
        return true;
    }

    /** Whom to ask with, in turn. */
    synchronized List<Asker> askers() {
        newcomer = false;
        return new ArrayList<>(askers.values());
    }

    /** Notes what kept this principal's question from being sent; null when it was sent. */
    synchronized void met(Asker asker, @Nullable BlockedReason obstacle) {
        asker.obstacle = obstacle;
    }

    /** What kept this principal's last question from being sent, or null. */
    synchronized @Nullable BlockedReason obstacle(TelemetryTarget target) {
        Asker asker = askers.get(target.credentials().identity());
        return asker == null ? null : asker.obstacle;
    }

    /** These credentials were refused: others are tried first from now on. */
    synchronized void putLast(Asker refused) {
        String principal = refused.target.credentials().identity();
        if (askers.remove(principal, refused)) {
            askers.put(principal, refused);
        }
    }

    synchronized void answered(FlagResponse.Known answer, long nowMillis) {
        asking = false;
        failures = 0;
        lastKnown = answer.enabled();
        lastError = answer.reason();
        answeredAtMillis = nowMillis;
    }

    /** Notes a failure and says how many there have been in a row. */
    synchronized int failed(String reason) {
        lastError = reason;
        return ++failures;
    }

    /** The next question may be asked after the back-off, or at once if somebody has come who was not asked with. */
    synchronized void end(long now, long backOffNanos) {
        asking = false;
        notBeforeNanos = newcomer ? now : now + backOffNanos;
        newcomer = false;
    }

    /** Whether the last question failed otherwise than by a refusal, or took long. */
    synchronized boolean isTroubled() {
        return troubled;
    }

    synchronized void troubled(boolean last) {
        troubled = last;
    }

    synchronized boolean isAsking() {
        return asking;
    }

    /** Nanoseconds until a question may be asked, or {@link Long#MAX_VALUE} while one is under way. */
    synchronized long waitNanos(long now) {
        return asking || askers.isEmpty() ? Long.MAX_VALUE : Math.max(0, notBeforeNanos - now);
    }

    /** @param current the answer that holds, or null when there is none or it has expired */
    synchronized FlagState state(FlagResponse.@Nullable Known current) {
        Boolean known = current == null ? lastKnown : Boolean.valueOf(current.enabled());
        FlagStatus status;
        if (known == null) {
            status = FlagStatus.INITIALIZING;
        } else if (current == null && failures > 0) {
            status = FlagStatus.INTERRUPTED;
        } else {
            status = known ? FlagStatus.VALID : FlagStatus.OFF;
        }
        return new FlagState(status, known, answeredAtMillis, lastError);
    }
}
