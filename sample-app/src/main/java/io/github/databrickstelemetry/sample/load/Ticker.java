package io.github.databrickstelemetry.sample.load;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does something at a steady rate on a thread of its own, until it is closed. */
final class Ticker implements AutoCloseable {

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sample-ticker");
        thread.setDaemon(true);
        return thread;
    });

    Ticker(int perSecond, Runnable action) {
        long period = TimeUnit.SECONDS.toMicros(1) / perSecond;
        var unused = scheduler.scheduleAtFixedRate(action, 0, period, TimeUnit.MICROSECONDS);
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
