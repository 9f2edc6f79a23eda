package io.github.databrickstelemetry.export.internal;

import java.util.List;

/**
 * The paths under which a host may serve telemetry, and the one that does. Shared by all principals on the host.
 * Thread-safe.
 */
final class RequestPaths {

    private static final int NONE = -1;

    private final List<String> paths;
    private volatile int proven = NONE;

    RequestPaths(List<String> paths) {
        this.paths = paths;
    }

    /** Index of the first path to try: the proven one, else 0. */
    int first() {
        return Math.max(0, proven);
    }

    String path(int index) {
        return paths.get(index);
    }

    /** True if this path has never responded 2xx and a further one is left. */
    boolean mayMoveOn(int index) {
        return index != proven && index + 1 < paths.size();
    }

    /** Remembers a path that responded 2xx. */
    void prove(int index) {
        proven = index;
    }

    /** Forgets the proven path, so that the next request tries all of them. */
    void forget() {
        proven = NONE;
    }
}
