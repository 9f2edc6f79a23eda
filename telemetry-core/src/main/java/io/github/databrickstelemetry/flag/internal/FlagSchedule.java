package io.github.databrickstelemetry.flag.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Says when each host's flag is requested. All waits are random in part, so that a fleet that starts together, or gets its
 * responses together, spreads. Guarded by the cache's lock.
 */
final class FlagSchedule {

    /** The first request to a host waits a random part of this time. */
    private static final Duration FIRST_PHASE = Duration.ofSeconds(1);

    /** The value is refreshed in the last tenth of its time to live, at random. */
    private static final int REFRESH_PART = 10;

    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

    private final RandomGenerator random;
    private final TreeSet<HostFlag> hosts = new TreeSet<>(
            Comparator.<HostFlag>comparingLong(host -> host.dueNanos).thenComparing(host -> host.number));

    FlagSchedule(RandomGenerator random) {
        this.random = random;
    }

    /** The wait before the first request to a host. */
    long firstWaitNanos() {
        return random.nextLong(FIRST_PHASE.toNanos());
    }

    /** Sets, or changes, the time of a host's next request. */
    void due(HostFlag host, long atNanos) {
        hosts.remove(host);
        host.dueNanos = atNanos;
        hosts.add(host);
    }

    void remove(HostFlag host) {
        hosts.remove(host);
    }

    /** The host whose request is due first. */
    HostFlag first() {
        return hosts.first();
    }

    /** Finds hosts that were lost on their way to a new time, for want of memory. */
    void complete(Collection<HostFlag> all) {
        if (hosts.size() < all.size()) {
            hosts.addAll(all);
        }
    }

    /** Nanoseconds until a request is due; {@link Long#MAX_VALUE} without a host. */
    long nanosUntilDue(long nowNanos) {
        return hosts.isEmpty() ? Long.MAX_VALUE : Math.max(0, hosts.first().dueNanos - nowNanos);
    }

    /** The wait after a response. */
    long nanosUntilNext(HostFlag host, FlagResponse response) {
        if (response instanceof FlagResponse.Known known) {
            long ttl = known.ttl().toNanos();
            return ttl - random.nextLong(ttl / REFRESH_PART + 1);
        }
        if (host.hasUntried()) {
            return 0;
        }
        long retryAfter = response instanceof FlagResponse.Failed failed
                ? failed.retryAfter().toNanos()
                : 0;
        long doubled = TimeUnit.SECONDS.toNanos(1L << Math.min(host.failures - 1, 5));
        long backOff = Math.min(LONGEST_BACK_OFF.toNanos(), doubled) / 2;
        long atLeast = Math.max(retryAfter, backOff);
        return atLeast + random.nextLong(Math.max(retryAfter / 2, backOff) + 1);
    }
}
