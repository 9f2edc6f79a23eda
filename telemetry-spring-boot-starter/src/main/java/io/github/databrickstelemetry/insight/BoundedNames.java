package io.github.databrickstelemetry.insight;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The first 100 names of a kind; all later ones share {@link #OTHER}. Bounds the number of series. Thread-safe. */
public final class BoundedNames {

    /** The name that stands for all beyond the bound. */
    public static final String OTHER = "other";

    private static final int MAX = 100;

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /** The name itself if it is one of the first, else {@link #OTHER}. */
    public String bound(String name) {
        if (names.contains(name)) {
            return name;
        }
        synchronized (names) {
            return names.contains(name) || (names.size() < MAX && names.add(name)) ? name : OTHER;
        }
    }
}
