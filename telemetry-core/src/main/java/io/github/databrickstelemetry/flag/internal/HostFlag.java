package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.github.databrickstelemetry.flag.internal.FlagRequest.Failed;
import io.github.databrickstelemetry.flag.internal.FlagRequest.FlagResponse;
import io.github.databrickstelemetry.flag.internal.FlagRequest.Known;
import io.github.databrickstelemetry.flag.internal.FlagRequest.Refused;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One host's flag: its state, the clients that can request it, and its next request. Belongs to the worker.
 */
final class HostFlag {

    /** The value is refreshed in the last tenth of its time to live, at random. */
    private static final int REFRESH_PART = 10;

    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

    private static final long UNTRIED = -1;

    /** Clients tried in one request, so that many that are refused are no burst. */
    private static final int MAX_CANDIDATES = 5;

    /**
     * Settings that request differently get values of their own. A data source that verifies the host never shares the
     * flag of one that does not.
     */
    record Key(WorkspaceHost host, String client, String name, boolean unverified) {

        static Key of(TelemetryTarget target) {
            FeatureFlagSettings settings = target.settings().featureFlag();
            boolean unverified = target.transport().tls() instanceof TlsSettings.Unverified;
            return new Key(target.host(), settings.client(), settings.name(), unverified);
        }
    }

    /** One client's reference, with the credentials of its requests. */
    final class Handle implements FlagHandle {

        final TelemetryTarget target;
        private final String identity;
        final Runnable onResponse;
        private final Consumer<Handle> onClose;

        /** Number of the request that last refused these credentials; 0 if the last one did not, or {@link #UNTRIED}. */
        private long refusedIn = UNTRIED;

        private @Nullable BlockedReason blockedReason;

        /** Begins where another handle with the same credentials stands. */
        Handle(TelemetryTarget target, String identity, Runnable onResponse, Consumer<Handle> onClose) {
            this.target = target;
            this.identity = identity;
            this.onResponse = onResponse;
            this.onClose = onClose;
            handles.stream().filter(h -> h.identity.equals(identity)).findAny().ifPresent(known -> {
                refusedIn = known.refusedIn;
                blockedReason = known.blockedReason;
            });
        }

        /** Whether a request has been tried with these credentials. */
        boolean isTried() {
            return refusedIn != UNTRIED;
        }

        HostFlag host() {
            return HostFlag.this;
        }

        /** Notes what the request got with these credentials. */
        void tried(FlagResponse response) {
            refusedIn = response instanceof Refused ? requests : 0;
            blockedReason = response instanceof Refused refused ? refused.blockedReason() : null;
        }

        @Override
        public FlagState state() {
            return state;
        }

        @Override
        public @Nullable BlockedReason blockedReason() {
            return blockedReason;
        }

        @Override
        public boolean isRequestInFlight() {
            return inFlight != null;
        }

        @Override
        public void close() {
            onClose.accept(this);
        }
    }

    final Key key;
    final long number;
    final Set<Handle> handles = new LinkedHashSet<>();
    private long requests;
    long dueNanos;
    private int failures;

    /** Whether the last request ended because the workspace, or we, refused the credentials that were tried. */
    boolean refused;

    boolean troubled;
    FlagState state;

    /** The channel of the request in flight, or null. */
    @Nullable
    WorkspaceChannel inFlight;

    /** @param number makes hosts that are due at the same time different */
    HostFlag(Key key, long number, FlagState state) {
        this.key = key;
        this.number = number;
        this.state = state;
    }

    void begin(WorkspaceChannel channel) {
        if (inFlight != null) {
            failed("Lost");
            refused = false;
        }
        inFlight = channel;
        requests++;
    }

    /** The clients to try: those that have not been tried, then those not refused, then those refused longest ago. */
    List<Handle> candidates() {
        List<Handle> candidates = new ArrayList<>(handles);
        candidates.sort(Comparator.comparingLong(handle -> handle.refusedIn));
        return candidates.subList(0, Math.min(candidates.size(), MAX_CANDIDATES));
    }

    void complete(FlagResponse response, long nowMillis) {
        refused = response instanceof Refused;
        if (response instanceof Known known) {
            failures = 0;
            FlagStatus status = known.enabled() ? FlagStatus.VALID : FlagStatus.OFF;
            state = new FlagState(status, known.enabled(), nowMillis, known.error());
        } else {
            failed(response.error());
        }
    }

    private void failed(@Nullable String error) {
        failures++;
        FlagStatus status = state.enabled() == null ? FlagStatus.INITIALIZING : FlagStatus.INTERRUPTED;
        state = new FlagState(status, state.enabled(), state.answeredAtMillis(), error);
    }

    /** The wait after a response, random in part, so that a fleet that gets its responses together spreads. */
    long waitNanos(FlagResponse response, RandomGenerator random) {
        if (response instanceof Known known) {
            long ttl = known.ttl().toNanos();
            return ttl - random.nextLong(ttl / REFRESH_PART + 1);
        }
        if (response instanceof Refused && handles.stream().anyMatch(handle -> !handle.isTried())) {
            return 0;
        }
        Duration retryAfter = response instanceof Failed failed ? failed.retryAfter() : Duration.ZERO;
        long doubled = TimeUnit.SECONDS.toNanos(1L << Math.min(failures - 1, 5));
        long backOff = Math.min(LONGEST_BACK_OFF.toNanos(), doubled) / 2;
        long atLeast = Math.max(retryAfter.toNanos(), backOff);
        return atLeast + random.nextLong(Math.max(retryAfter.toNanos() / 2, backOff) + 1);
    }
}
