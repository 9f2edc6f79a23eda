package io.github.databrickstelemetry.insight;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The first names of a kind; all later ones share {@link #OTHER}. Bounds the number of series. Thread-safe. */
public final class BoundedNames {

    /** The name that stands for all beyond the bound. */
    public static final String OTHER = "other";

    private final int max;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /** @param max how many names are kept as they are */
    public BoundedNames(int max) {
        this.max = max;
    }

    /** The name itself while there are fewer than the bound, else {@link #OTHER}. */
    public String bound(String name) {
        if (names.contains(name)) {
            return name;
        }
        synchronized (names) {
            return names.contains(name) || (names.size() < max && names.add(name)) ? name : OTHER;
        }
    }
}
