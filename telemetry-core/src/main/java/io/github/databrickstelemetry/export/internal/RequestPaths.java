package io.github.databrickstelemetry.export.internal;

import java.util.List;

/**
 * The paths under which a host may serve telemetry, and which of them answered last. Shared by all principals on the
 * host. Thread-safe.
 */
final class RequestPaths {

    private final List<String> paths;
    private volatile int answering;

    RequestPaths(List<String> paths) {
        this.paths = paths;
    }

    /** Where to begin. */
    int first() {
        return answering;
    }

    String path(int index) {
        return paths.get(index);
    }

    boolean hasNext(int index) {
        return index + 1 < paths.size();
    }

    /** Something other than 404 came from this path. */
    void answered(int index) {
        answering = index;
    }

    /** No path was left: next time all are tried. */
    void exhausted() {
        answering = 0;
    }
}
