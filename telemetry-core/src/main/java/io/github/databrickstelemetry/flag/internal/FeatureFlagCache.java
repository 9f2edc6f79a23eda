package io.github.databrickstelemetry.flag.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.databrickstelemetry.config.FeatureFlagSettings;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagStatus;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import io.github.databrickstelemetry.workspace.internal.UserAgent;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.function.SingletonSupplier;

/**
 * The server's feature flag, asked once per host and time to live, however many sessions and principals there are.
 * Thread-safe.
 *
 * <p>It has no thread and no timer: its owner calls {@link #poll()} when that said it should, and questions run on the
 * owner's executor. Nobody who acquires, releases, reads a state or polls ever waits for an answer.
 */
public final class FeatureFlagCache {

    private static final Logger logger = LoggerFactory.getLogger(FeatureFlagCache.class);

    /** The first request of a host waits up to this long, so that a fleet started together does not ask together. */
    private static final Duration FIRST_PHASE = Duration.ofSeconds(1);

    /** A question that takes longer may hang the next time. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    /** Settings that ask differently get answers of their own. */
    private record Key(WorkspaceHost host, String client, String name) {
        static Key of(TelemetryTarget target) {
            FeatureFlagSettings settings = target.settings().featureFlag();
            return new Key(target.host(), settings.client(), settings.name());
        }
    }

    private final WorkspaceHttp http;
    private final Consumer<FlagTask> executor;
    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final FlagRequest question;
    private final Guard guard = new Guard(logger);
    private final List<FlagListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<Key, HostFlag> hosts = new ConcurrentHashMap<>();

    /** Made with the first host, as the first connection of an application should not wait for Caffeine's classes. */
    private final SingletonSupplier<Cache<Key, FlagResponse.Known>> answers;

    /**
     * Makes an empty cache.
     *
     * @param executor has questions run, each of which may block for as long as the read timeout; must not block itself
     * @param random spreads requests; must be thread-safe, as {@link java.util.Random} is
     * @param driverVersion the driver's version, of which the first three numbers are sent, or null to send ours
     */
    public FeatureFlagCache(
            WorkspaceHttp http,
            Consumer<FlagTask> executor,
            TelemetryClock clock,
            RandomGenerator random,
            @Nullable String driverVersion) {
        this.http = http;
        this.executor = executor;
        this.clock = clock;
        this.random = random;
        this.question = new FlagRequest(NumericVersion.of(driverVersion, UserAgent.VERSION));
        this.answers = SingletonSupplier.of(() -> Caffeine.newBuilder()
                .executor(Runnable::run)
                .ticker(clock::nanoTime)
                .expireAfter(Expiry.writing((Key key, FlagResponse.Known answer) -> answer.ttl()))
                .build());
    }

    /** Adds an observer of all hosts. */
    public void addListener(FlagListener listener) {
        listeners.add(listener);
    }

    /** One more reference to a host, whose flag is requested soon if it is not known yet. Returns at once. */
    public FlagHandle acquire(TelemetryTarget target) {
        if (!isAsked(target)) {
            return FlagHandle.withoutRequests(target.settings().featureFlag());
        }
        reference(target);
        AtomicBoolean closed = new AtomicBoolean();
        return new FlagHandle() {
            @Override
            public FlagState state() {
                return FeatureFlagCache.this.state(target);
            }

            @Override
            public @Nullable BlockedReason blockedReason() {
                return obstacle(target);
            }

            @Override
            public boolean isRequestInFlight() {
                return isAsking(target);
            }

            @Override
            public void close() {
                if (closed.compareAndSet(false, true)) {
                    release(target);
                }
            }
        };
    }

    private void reference(TelemetryTarget target) {
        if (isAsked(target)) {
            hosts.compute(Key.of(target), (key, known) -> {
                long now = clock.nanoTime();
                HostFlag host = known == null ? new HostFlag(now + random.nextLong(FIRST_PHASE.toNanos())) : known;
                host.acquire(target, http::open, now);
                return host;
            });
        }
    }

    /** One reference less; the last one forgets the host. Returns at once. Harmless when it does not balance. */
    public void release(TelemetryTarget target) {
        if (isAsked(target)) {
            hosts.computeIfPresent(Key.of(target), (key, host) -> {
                if (!host.release(target)) {
                    return host;
                }
                answers.obtain().invalidate(key);
                return null;
            });
        }
    }

    /** What is known of a target's flag now. Never waits. */
    public FlagState state(TelemetryTarget target) {
        FeatureFlagSettings settings = target.settings().featureFlag();
        if (settings.override() != null) {
            return new FlagState(FlagStatus.OVERRIDDEN, settings.override(), 0, null);
        }
        if (!settings.enabled()) {
            return new FlagState(FlagStatus.OVERRIDDEN, true, 0, null);
        }
        Key key = Key.of(target);
        HostFlag host = hosts.get(key);
        return host == null
                ? new FlagState(FlagStatus.INITIALIZING, null, 0, null)
                : host.state(answers.obtain().getIfPresent(key));
    }

    /**
     * What kept the last question with this target's credentials from being sent, until one is: null if nothing did, or
     * if it has not been asked with them. Never waits.
     */
    public @Nullable BlockedReason obstacle(TelemetryTarget target) {
        HostFlag host = isAsked(target) ? hosts.get(Key.of(target)) : null;
        return host == null ? null : host.obstacle(target);
    }

    /** Whether a question about this target's flag is under way. */
    public boolean isAsking(TelemetryTarget target) {
        HostFlag host = hosts.get(Key.of(target));
        return host != null && host.isAsking();
    }

    /**
     * Begins the questions that are due. Returns at once.
     *
     * @return nanoseconds until the next question is due, {@link Long#MAX_VALUE} if none is foreseen before one under
     *     way ends (a listener hears of that)
     */
    public long poll() {
        long next = Long.MAX_VALUE;
        for (Map.Entry<Key, HostFlag> entry : hosts.entrySet()) {
            Key key = entry.getKey();
            HostFlag host = entry.getValue();
            long wait = Math.max(remainingNanos(key), host.waitNanos(clock.nanoTime()));
            if (wait == 0 && host.begin(clock.nanoTime())) {
                start(key, host);
            } else {
                next = Math.min(next, wait);
            }
        }
        return next;
    }

    private static boolean isAsked(TelemetryTarget target) {
        FeatureFlagSettings settings = target.settings().featureFlag();
        return settings.enabled() && settings.override() == null;
    }

    private long remainingNanos(Key key) {
        if (answers.obtain().getIfPresent(key) == null) {
            return 0;
        }
        return answers.obtain()
                .policy()
                .expireVariably()
                .map(expiration ->
                        expiration.getExpiresAfter(key, TimeUnit.NANOSECONDS).orElse(0))
                .orElse(0L);
    }

    private void start(Key key, HostFlag host) {
        FlagTask task = new Task(key, host);
        try {
            executor.accept(task);
        } catch (Throwable refused) {
            guard.swallowed("feature flag executor", refused);
            task.notRun();
        }
    }

    private final class Task implements FlagTask {

        private final Key key;
        private final HostFlag host;

        Task(Key key, HostFlag host) {
            this.key = key;
            this.host = host;
        }

        @Override
        public boolean isTroubled() {
            return host.isTroubled();
        }

        @Override
        public void run() {
            long begin = clock.nanoTime();
            try {
                FlagResponse answer = ask(host);
                host.troubled(answer instanceof FlagResponse.Failed || clock.nanoTime() - begin >= LONG_NANOS);
                conclude(key, host, answer);
            } catch (Throwable failure) {
                guard.swallowed("feature flag", failure);
                failed(host, failure.getClass().getSimpleName());
            }
            tell(key, host);
        }

        @Override
        public void notRun() {
            failed(host, "NotExecuted");
            tell(key, host);
        }
    }

    private void tell(Key key, HostFlag host) {
        FlagState state = host.state(answers.obtain().getIfPresent(key));
        for (FlagListener listener : listeners) {
            guard.run("feature flag listener", () -> listener.onFlagState(key.host(), state));
        }
    }

    /** Asks with one principal's credentials after the other, until one is not refused. */
    private FlagResponse ask(HostFlag host) {
        FlagResponse answer = new FlagResponse.Failed("Released");
        for (HostFlag.Asker asker : host.askers()) {
            answer = question.ask(asker.target, asker.channel);
            if (!(answer instanceof FlagResponse.Refused refused)) {
                host.met(asker, null);
                return answer;
            }
            host.met(asker, refused.obstacle());
            host.putLast(asker);
        }
        return answer;
    }

    private void conclude(Key key, HostFlag host, FlagResponse answer) {
        if (answer instanceof FlagResponse.Known known) {
            // Not for a host that was released meanwhile, and perhaps acquired anew.
            hosts.computeIfPresent(key, (sameKey, current) -> {
                if (current == host) {
                    answers.obtain().put(key, known);
                }
                return current;
            });
            host.answered(known, clock.epochMillis());
        } else if (answer instanceof FlagResponse.Refused refused) {
            failed(host, refused.reason());
        } else if (answer instanceof FlagResponse.Failed failure) {
            failed(host, failure.reason());
        }
    }

    /** Backs off, doubling from a second, by a random part of the time so that a fleet spreads. */
    private void failed(HostFlag host, String reason) {
        int failures = host.failed(reason);
        logger.debug("Feature flag request failed: {}", reason);
        long ceiling = Math.min(LONGEST_BACKOFF.toNanos(), TimeUnit.SECONDS.toNanos(1L << Math.min(failures - 1, 5)));
        host.end(clock.nanoTime(), ceiling / 2 + random.nextLong(ceiling / 2 + 1));
    }
}
