package io.github.databrickstelemetry.runtime.internal;

import java.util.concurrent.atomic.AtomicLong;

/** Ids in a row: id-1, id-2, … Thread-safe. */
public final class CountingIds implements IdSource {

    private final AtomicLong last = new AtomicLong();

    @Override
    public String newId() {
        return "id-" + last.incrementAndGet();
    }
}
