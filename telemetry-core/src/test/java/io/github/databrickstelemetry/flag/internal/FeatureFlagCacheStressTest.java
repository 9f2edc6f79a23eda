package io.github.databrickstelemetry.flag.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.github.databrickstelemetry.runtime.internal.BlockingTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeChannel;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;

/** What must hold however threads interleave: hosts come, go, fail and are refused on eight threads. */
class FeatureFlagCacheStressTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 4_000;
    private static final int HOSTS = 4;

    private static final String ON = "{\"flags\":[{\"name\":\"" + FeatureFlagSettings.DEFAULT_NAME
            + "\",\"value\":\"true\"}],\"ttl_seconds\":60}";

    private final FakeClock clock = new FakeClock();
    private final Guard guard = new Guard(LoggerFactory.getLogger(getClass()));
    private final Map<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();
    private final AtomicInteger mostInFlight = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private volatile boolean healthy;

    private final FeatureFlagCache cache =
            new FeatureFlagCache(() -> new FakeChannel(this::respond), clock, new Random(3), null, guard);

    private WorkspaceResponse respond(TelemetryTarget target) throws IOException {
        requests.increment();
        AtomicInteger mine = inFlight.computeIfAbsent(target.host().key(), host -> new AtomicInteger());
        mostInFlight.accumulateAndGet(mine.incrementAndGet(), Math::max);
        try {
            Thread.onSpinWait();
            return switch (healthy ? 0 : requests.intValue() % 5) {
                case 0 -> response(200, ON);
                case 1 -> response(401, "");
                case 2 -> response(503, "");
                case 3 -> throw new IOException();
                default -> throw new IllegalStateException("a bug");
            };
        } finally {
            mine.decrementAndGet();
        }
    }

    private static WorkspaceResponse response(int status, String body) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Retry-After", "1");
        return new WorkspaceResponse(status, headers, body.getBytes(UTF_8));
    }

    private static TelemetryTarget target(int host, int principal) {
        return Targets.of("host-" + host + ".example.com")
                .credentials(Targets.token("principal-" + principal, "Bearer " + principal))
                .build();
    }

    @Test
    void neitherLosesAHostNorSendsTwoRequestsForOneAtATime() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int seed = i;
                threads.add(executor.submit(() -> play(new SplittableRandom(seed))));
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(requests.sum()).as("the test has reached what it is about").isGreaterThan(1_000);
        assertThat(cache.poll(BlockingTask::run)).as("no host is left").isEqualTo(Long.MAX_VALUE);

        healthy = true;
        List<FlagHandle> handles = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            handles.add(cache.acquire(target(host, 0), () -> {}));
        }
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMinutes(1));
            cache.poll(BlockingTask::run);
        }
        assertThat(handles)
                .allSatisfy(handle -> assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID));
        // A host that is released and acquired again during a request may get a second one.
        assertThat(mostInFlight.get()).isLessThanOrEqualTo(THREADS);
    }

    private void play(SplittableRandom random) {
        Deque<FlagHandle> handles = new ArrayDeque<>();
        for (int i = 0; i < ROUNDS; i++) {
            switch (random.nextInt(4)) {
                case 0 ->
                    handles.add(cache.acquire(target(random.nextInt(HOSTS), random.nextInt(3)), Thread::onSpinWait));
                case 1 -> {
                    FlagHandle handle = handles.poll();
                    if (handle != null) {
                        handle.close();
                        handle.close();
                        handle.state();
                    }
                }
                case 2 -> clock.advance(Duration.ofMillis(random.nextInt(2_000)));
                default ->
                    cache.poll(task -> {
                        switch (random.nextInt(10)) {
                            case 0 -> task.finish();
                            case 1 -> throw new RejectedExecutionException();
                            default -> task.run();
                        }
                    });
            }
        }
        handles.forEach(FlagHandle::close);
    }

    @Test
    void sendsOneRequestAtATimeForAHostThatStays() throws Exception {
        FlagHandle handle = cache.acquire(target(0, 0), () -> {});
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(executor.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        clock.advance(Duration.ofMillis(50));
                        cache.poll(BlockingTask::run);
                    }
                }));
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(requests.sum()).isGreaterThan(20);
        assertThat(mostInFlight).hasValue(1);
        assertThat(handle.isRequestInFlight()).isFalse();
    }
}
