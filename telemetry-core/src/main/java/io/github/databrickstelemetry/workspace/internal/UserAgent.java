package io.github.databrickstelemetry.workspace.internal;

import org.jspecify.annotations.Nullable;

/** How we present ourselves: short, because it stands in every document. */
public final class UserAgent {

    /** The product's version, three numbers. */
    public static final String VERSION = "0.1.0";

    private static final String PRODUCT = "databricks-telemetry/" + VERSION;

    private UserAgent() {}

    /**
     * The header's value.
     *
     * @param entry the application's own words, or null
     */
    public static String of(@Nullable String entry) {
        return entry == null || entry.isBlank() ? PRODUCT : PRODUCT + " " + entry.strip();
    }
}
