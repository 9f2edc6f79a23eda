package io.github.databrickstelemetry.flag.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.internal.FlagRequest.Failed;
import io.github.databrickstelemetry.flag.internal.FlagRequest.FlagResponse;
import io.github.databrickstelemetry.flag.internal.FlagRequest.Known;
import io.github.databrickstelemetry.flag.internal.FlagRequest.Refused;
import io.github.databrickstelemetry.runtime.internal.BlockingTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers' feature flags: one request per host and time to live, however many sessions and principals there are.
 * Belongs to the worker, and no method blocks.
 *
 * <p>It has no thread and no timer. The worker calls {@link #poll} when the previous call said so, when a handle was
 * acquired, and when a request has ended.
 */
public final class FeatureFlagCache {

    private static final Logger logger = LoggerFactory.getLogger(FeatureFlagCache.class);

    /** The first request to a host waits a random part of this time, because a fleet starts together. */
    private static final long FIRST_PHASE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A request that takes longer counts as lost, for example with its thread. */
    private static final Duration LOST_AFTER = Duration.ofMinutes(5);

    /** Several principals may be tried one after the other, each with its own timeouts. */
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A request that takes longer may hang the next time. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A value outlives its last handle until it expires, because data sources are closed and made again. */
    private static final int MAX_VALUES = 10_000;

    /** @param dueNanos the time of the next request */
    private record Value(FlagState state, Duration ttl, long dueNanos) {}

    private final Supplier<WorkspaceChannel> channels;
    private final FlagRequest request;
    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final Guard guard;
    private final Cache<HostFlag.Key, Value> values;

    private final Map<HostFlag.Key, HostFlag> hosts = new HashMap<>();

    /** The hosts in the order of their next requests. */
    private final TreeSet<HostFlag> schedule = new TreeSet<>(
            Comparator.<HostFlag>comparingLong(host -> host.dueNanos).thenComparing(host -> host.number));

    private long lastNumber;

    /**
     * Makes an empty cache.
     *
     * @param channels makes the channel of each request
     * @param random spreads requests
     * @param driverVersion the driver's version, of which the first three numbers are sent, or null to send ours
     * @param guard counts failures of our own code; a service that fails is none
     */
    public FeatureFlagCache(
            Supplier<WorkspaceChannel> channels,
            TelemetryClock clock,
            RandomGenerator random,
            @Nullable String driverVersion,
            Guard guard) {
        this.channels = channels;
        this.request = new FlagRequest(driverVersion, clock);
        this.clock = clock;
        this.random = random;
        this.guard = guard;
        this.values = Caffeine.newBuilder()
                .executor(Runnable::run)
                .ticker(clock::nanoTime)
                .maximumSize(MAX_VALUES)
                .expireAfter(Expiry.writing((HostFlag.Key key, Value value) -> value.ttl()))
                .build();
    }

    /**
     * Makes a handle to the flag of the target's host. A flag that is not known yet is requested soon.
     *
     * @param onResponse runs whenever a request for this flag has ended; must not block
     */
    public FlagHandle acquire(TelemetryTarget target, Runnable onResponse) {
        FeatureFlagSettings settings = target.settings().featureFlag();
        if (settings.override() != null || !settings.enabled()) {
            return FlagHandle.fixed(settings.override() == null || settings.override());
        }
        // First, because it may be the application's code, which may throw.
        String identity = target.credentials().identity();
        HostFlag host = hosts.computeIfAbsent(HostFlag.Key.of(target), this::add);
        HostFlag.Handle handle = host.new Handle(target, identity, onResponse, this::release);
        if (!handle.isTried() && host.refused && host.inFlight == null) {
            // These credentials may be accepted where the others were not.
            requestAt(host, clock.nanoTime());
        }
        host.handles.add(handle);
        return handle;
    }

    private HostFlag add(HostFlag.Key key) {
        Value known = values.getIfPresent(key);
        HostFlag host = new HostFlag(key, ++lastNumber, known == null ? FlagState.UNKNOWN : known.state());
        long now = clock.nanoTime();
        long wait = random.nextLong(FIRST_PHASE_NANOS);
        // The random time holds for an overdue value too. Otherwise a data source that is closed and reopened in a loop
        // sends a request each time while the service fails.
        requestAt(host, now + (known == null ? wait : Math.max(wait, known.dueNanos() - now)));
        return host;
    }

    /** Sets, or changes, the time of a host's next request. */
    private void requestAt(HostFlag host, long atNanos) {
        schedule.remove(host);
        host.dueNanos = atNanos;
        schedule.add(host);
    }

    private void release(HostFlag.Handle handle) {
        HostFlag host = handle.host();
        host.handles.remove(handle);
        if (host.handles.isEmpty()) {
            hosts.remove(host.key, host);
            schedule.remove(host);
            if (host.inFlight != null) {
                host.inFlight.close();
            }
        }
    }

    /**
     * Starts the requests that are due.
     *
     * @param executor has each request run on another thread; must not block itself
     * @return nanoseconds until the next request is due, {@link Long#MAX_VALUE} if none is
     */
    public long poll(Consumer<BlockingTask> executor) {
        long now = clock.nanoTime();
        if (schedule.size() < hosts.size()) {
            // Hosts were lost on their way to a new time, for want of memory.
            hosts.values().stream().filter(host -> !schedule.contains(host)).forEach(host -> requestAt(host, now));
        }
        while (nanosUntilDue(now) == 0) {
            HostFlag next = schedule.first();
            if (hosts.get(next.key) != next || next.handles.isEmpty()) {
                // Its handle could not be made, for want of memory.
                schedule.remove(next);
                hosts.remove(next.key, next);
                continue;
            }
            Task task = new Task(next);
            task.host.begin(task.channel);
            requestAt(task.host, now + LOST_AFTER.toNanos());
            try {
                executor.accept(task);
            } catch (Throwable refused) {
                guard.swallowed("starting a feature flag request", refused);
                task.finish();
            }
        }
        return nanosUntilDue(clock.nanoTime());
    }

    private long nanosUntilDue(long nowNanos) {
        return schedule.isEmpty() ? Long.MAX_VALUE : Math.max(0, schedule.first().dueNanos - nowNanos);
    }

    /** One request, with one client's credentials after the other's until they are accepted. */
    private final class Task extends BlockingTask {

        private final HostFlag host;
        private final WorkspaceChannel channel = channels.get();
        private final List<HostFlag.Handle> candidates;
        private volatile boolean ran;
        private volatile boolean aborted;
        private boolean slow;

        /** The responses to the candidates that were tried, in their order. Set once the request has ended. */
        private volatile List<FlagResponse> responses = List.of();

        Task(HostFlag host) {
            super(host.troubled, LIMIT_NANOS);
            this.host = host;
            this.candidates = host.candidates();
        }

        @Override
        public boolean begin() {
            return isCurrent();
        }

        private boolean isCurrent() {
            return hosts.get(host.key) == host && host.inFlight == channel;
        }

        @Override
        public void run() {
            ran = true;
            long start = clock.nanoTime();
            List<FlagResponse> received = new ArrayList<>();
            for (HostFlag.Handle handle : candidates) {
                FlagResponse response = send(handle.target);
                if (aborted) {
                    // The end of the channel says nothing about the credentials.
                    break;
                }
                received.add(response);
                if (!(response instanceof Refused)) {
                    break;
                }
            }
            slow = clock.nanoTime() - start >= LONG_NANOS;
            responses = received;
        }

        private FlagResponse send(TelemetryTarget target) {
            try {
                return request.send(target, channel);
            } catch (Throwable failure) {
                guard.swallowed("a feature flag request", failure);
                return new Failed(failure.getClass().getSimpleName());
            }
        }

        @Override
        public void abort() {
            aborted = true;
            channel.close();
        }

        @Override
        public void finish() {
            if (!isCurrent()) {
                return;
            }
            FlagResponse last = new Failed(ran ? "Aborted" : "NotExecuted");
            List<FlagResponse> received = responses;
            for (int i = 0; i < received.size(); i++) {
                last = received.get(i);
                candidates.get(i).tried(last);
            }
            host.complete(last, clock.epochMillis());
            host.troubled = ran ? slow || last instanceof Failed : host.troubled;
            requestAt(host, clock.nanoTime() + host.waitNanos(last, random));
            if (last instanceof Known known) {
                values.put(host.key, new Value(host.state, known.ttl(), host.dueNanos));
            }
            // Last: what fails before, for want of memory, is done again.
            host.inFlight = null;
            host.handles.forEach(handle -> guard.run("a feature flag callback", handle.onResponse::run));
            logger.debug(
                    "Feature flag of {}: {} {}", host.key.host().key(), host.state.status(), host.state.lastError());
        }
    }
}
