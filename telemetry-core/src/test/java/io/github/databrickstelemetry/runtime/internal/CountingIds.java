package io.github.databrickstelemetry.runtime.internal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Ids in a row: id-1, id-2, … Thread-safe. */
public final class CountingIds implements Supplier<String> {

    private final AtomicLong last = new AtomicLong();

    @Override
    public String get() {
        return "id-" + last.incrementAndGet();
    }
}
