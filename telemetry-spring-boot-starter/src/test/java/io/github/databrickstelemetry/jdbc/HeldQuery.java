package io.github.databrickstelemetry.jdbc;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A function for H2 that holds a query at its first row, so that it can be cancelled while it surely runs. */
public final class HeldQuery {

    private static volatile CountDownLatch started = new CountDownLatch(1);
    private static volatile CountDownLatch held = new CountDownLatch(1);

    private HeldQuery() {}

    public static void begin() {
        started = new CountDownLatch(1);
        held = new CountDownLatch(1);
    }

    public static void awaitFirstRow() throws InterruptedException {
        if (!started.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The query never began");
        }
    }

    public static void goOn() {
        held.countDown();
    }

    /** Called by H2 for each row. */
    public static int row(int value) throws InterruptedException {
        started.countDown();
        held.await(30, TimeUnit.SECONDS);
        return value;
    }
}
