package io.github.databrickstelemetry.workspace.internal;

import org.jspecify.annotations.Nullable;

/** The {@code User-Agent} of all requests. Short, because every document repeats it. */
public final class UserAgent {

    /** The product's version, three numbers. */
    public static final String VERSION = "0.1.0";

    private static final String PRODUCT = "databricks-telemetry/" + VERSION;

    private UserAgent() {}

    /** The header's value, with the application's addition if there is one. */
    public static String of(@Nullable String entry) {
        return entry == null || entry.isBlank() ? PRODUCT : PRODUCT + " " + entry.strip();
    }
}
