package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagStatus;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One host's flag: its state, the principals that can request it, and its next request. Guarded by the cache's lock;
 * volatile fields are read without it.
 */
final class HostFlag {

    /** Principals tried in one request, so that many that are refused are no burst. */
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

    /** One principal on the host. */
    static final class Principal {

        final TelemetryTarget target;
        volatile WorkspaceChannel channel;
        boolean tried;
        volatile @Nullable BlockedReason blockedReason;
        private int handles;

        Principal(TelemetryTarget target, WorkspaceChannel channel) {
            this.target = target;
            this.channel = channel;
        }
    }

    private record Reference(Principal principal, Runnable onResponse) {}

    final Key key;
    final long number;
    private final Map<String, Principal> principals = new LinkedHashMap<>();
    private final Map<FlagHandle, Reference> handles = new HashMap<>();
    private long attempt;
    long dueNanos;
    int failures;
    boolean troubled;
    volatile boolean inFlight;
    volatile FlagState state;

    /** @param number makes hosts that are due at the same time different */
    HostFlag(Key key, long number, FlagState state) {
        this.key = key;
        this.number = number;
        this.state = state;
    }

    /** The principal of this identity, made if it is new. */
    Principal principal(String identity, TelemetryTarget target, WorkspaceHttp http) {
        return principals.computeIfAbsent(identity, unknown -> new Principal(target, http.open(target)));
    }

    void add(FlagHandle handle, Principal principal, Runnable onResponse) {
        principal.handles++;
        handles.put(handle, new Reference(principal, onResponse));
    }

    /** Gives a handle back, unless it was given back before; returns the channel if nothing uses it any more. */
    @Nullable
    WorkspaceChannel release(FlagHandle handle) {
        Reference reference = handles.remove(handle);
        if (reference == null || --reference.principal.handles > 0) {
            return null;
        }
        principals.values().remove(reference.principal);
        return reference.principal.channel;
    }

    /** Gives every principal a new channel and returns the old ones, whose requests are to end. */
    List<WorkspaceChannel> replaceChannels(WorkspaceHttp http) {
        List<WorkspaceChannel> replaced = new ArrayList<>();
        for (Principal principal : principals.values()) {
            replaced.add(principal.channel);
            principal.channel = http.open(principal.target);
        }
        return replaced;
    }

    boolean isUnused() {
        return handles.isEmpty();
    }

    List<Runnable> callbacks() {
        return handles.values().stream().map(Reference::onResponse).toList();
    }

    /** Begins a request and returns its number. */
    long begin() {
        if (inFlight) {
            failed("Lost");
        }
        inFlight = true;
        return ++attempt;
    }

    /** Whether the request of this number is still in flight. */
    boolean isCurrent(long number) {
        return inFlight && attempt == number;
    }

    /** The principals to try: first those that have not been tried, then those that were accepted last. */
    List<Principal> candidates() {
        List<Principal> candidates = new ArrayList<>(principals.values());
        candidates.sort((a, b) -> Boolean.compare(a.tried, b.tried));
        return candidates.subList(0, Math.min(candidates.size(), MAX_CANDIDATES));
    }

    boolean hasUntriedPrincipal() {
        return principals.values().stream().anyMatch(principal -> !principal.tried);
    }

    /** Notes what the request got with this principal's credentials. Refused ones come last from now on. */
    void tried(Principal principal, FlagResponse response) {
        principal.tried = true;
        principal.blockedReason = response instanceof FlagResponse.Refused refused ? refused.blockedReason() : null;
        String identity = principal.target.credentials().identity();
        if (response instanceof FlagResponse.Refused && principals.remove(identity, principal)) {
            principals.put(identity, principal);
        }
    }

    void complete(FlagResponse response, long nowMillis) {
        inFlight = false;
        if (response instanceof FlagResponse.Known known) {
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
}
