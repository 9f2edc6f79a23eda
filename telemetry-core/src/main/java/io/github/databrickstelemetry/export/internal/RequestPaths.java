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

    /** Where to begin: the path that answered 2xx last, else the first. */
    int first() {
        return Math.max(0, proven);
    }

    String path(int index) {
        return paths.get(index);
    }

    /** Whether this path may be the wrong one: it never answered 2xx, and there is another. */
    boolean mayMoveOn(int index) {
        return index != proven && index + 1 < paths.size();
    }

    /** This path answered 2xx. */
    void prove(int index) {
        proven = index;
    }

    /** The service is not where it was: next time all paths are tried. */
    void forget() {
        proven = NONE;
    }
}
