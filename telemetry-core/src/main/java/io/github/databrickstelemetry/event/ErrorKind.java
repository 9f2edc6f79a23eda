package io.github.databrickstelemetry.event;

/** What a retry could do about a failure. */
public enum ErrorKind {
    /** No retry can cure it: 400, 401, 403, 404, authentication, wrong SQL. Its statement is reported at once. */
    TERMINAL,
    /** A retry may cure it: 408, 429, 5xx, timeouts, refused and reset connections. Held with its statement. */
    RETRYABLE,
    /** Not known to be either. Held with its statement. */
    OTHER
}
