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
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;

/** What must hold in whatever order hosts come, go, fail and are refused. */
class FeatureFlagCacheSequencesTest {

    private static final int ROUNDS = 10_000;
    private static final int HOSTS = 4;

    private static final String ON = "{\"flags\":[{\"name\":\"" + FeatureFlagSettings.DEFAULT_NAME
            + "\",\"value\":\"true\"}],\"ttl_seconds\":60}";

    private final FakeClock clock = new FakeClock();
    private final Guard guard = new Guard(LoggerFactory.getLogger(getClass()));
    private final Deque<BlockingTask> tasks = new ArrayDeque<>();
    private int requests;
    private boolean healthy;

    private final FeatureFlagCache cache =
            new FeatureFlagCache(() -> new FakeChannel(this::respond), clock, new Random(3), null, guard);

    private WorkspaceResponse respond(TelemetryTarget target) throws IOException {
        requests++;
        return switch (healthy ? 0 : requests % 5) {
            case 0 -> response(200, ON);
            case 1 -> response(401, "");
            case 2 -> response(503, "");
            case 3 -> throw new IOException();
            default -> throw new IllegalStateException("a bug");
        };
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

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neitherLosesAHostNorKeepsOne(long seed) {
        play(new SplittableRandom(seed));

        assertThat(requests).as("the test has reached what it is about").isGreaterThan(200);
        assertThat(cache.poll(FeatureFlagCacheTest::execute))
                .as("no host is left")
                .isEqualTo(Long.MAX_VALUE);

        healthy = true;
        List<FlagHandle> handles = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            handles.add(cache.acquire(target(host, 0), () -> {}));
        }
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMinutes(1));
            cache.poll(FeatureFlagCacheTest::execute);
        }
        assertThat(handles).allSatisfy(handle -> {
            assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
            assertThat(handle.isRequestInFlight()).isFalse();
        });
    }

    private void play(SplittableRandom random) {
        Deque<FlagHandle> handles = new ArrayDeque<>();
        for (int i = 0; i < ROUNDS; i++) {
            switch (random.nextInt(5)) {
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
                case 3 ->
                    cache.poll(task -> {
                        if (random.nextInt(10) == 0) {
                            throw new RejectedExecutionException();
                        }
                        tasks.add(task);
                    });
                default -> end(tasks.poll(), random.nextInt(10));
            }
        }
        handles.forEach(FlagHandle::close);
    }

    private static void end(@Nullable BlockingTask task, int how) {
        if (task == null || !task.begin()) {
            return;
        }
        if (how == 0) {
            task.abort();
        }
        if (how > 1) {
            task.run();
        }
        task.finish();
    }
}
