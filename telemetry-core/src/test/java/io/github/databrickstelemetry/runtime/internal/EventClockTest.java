package io.github.databrickstelemetry.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventClockTest {

    private final ManualClock clock = new ManualClock();
    private final EventClock eventClock = new EventClock(clock);

    @Test
    void followsTheMonotonicClockBetweenRefreshes() {
        clock.advance(Duration.ofMillis(500));
        assertThat(eventClock.epochMillisAt(clock.nanoTime())).isEqualTo(ManualClock.START_MILLIS + 500);
    }

    @Test
    void datesReadingsOfThePast() {
        long then = clock.nanoTime();
        clock.advance(Duration.ofSeconds(9));
        eventClock.refresh();
        assertThat(eventClock.epochMillisAt(then)).isEqualTo(ManualClock.START_MILLIS);
    }

    @Test
    void followsAJumpOfTheWallClockWhenRefreshed() {
        clock.jump(Duration.ofHours(-3));
        assertThat(eventClock.epochMillisAt(clock.nanoTime())).isEqualTo(ManualClock.START_MILLIS);
        eventClock.refresh();
        assertThat(eventClock.epochMillisAt(clock.nanoTime())).isEqualTo(ManualClock.START_MILLIS - 3 * 3_600_000);
    }

    @Test
    void looksAtTheWallClockForTheFirstReadingAfterAPause() {
        clock.jump(Duration.ofHours(2));
        clock.advance(Duration.ofSeconds(40));
        assertThat(eventClock.epochMillisAt(clock.nanoTime()))
                .isEqualTo(ManualClock.START_MILLIS + 2 * 3_600_000 + 40_000);
    }
}
