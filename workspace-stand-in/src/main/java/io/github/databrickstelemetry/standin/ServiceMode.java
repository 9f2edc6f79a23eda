package io.github.databrickstelemetry.standin;

/** How the telemetry service or the feature-flag service responds. */
public enum ServiceMode {

    /** As it should. */
    HEALTHY,

    /** As it should, after one second. */
    SLOW,

    /** Status 200, but a tenth of the documents (at least one) is called bad. Healthy for feature flags. */
    PARTIAL,

    /** Status 500 with an error in JSON. */
    ERROR,

    /** Status 429 with {@code Retry-After: 1}. */
    THROTTLED,

    /** Status 403. */
    FORBIDDEN,

    /** Status 200 with an HTML page, as from a gateway with a login. */
    GATEWAY_PAGE,

    /** Reads the request and never responds. */
    HANG,

    /** Closes the connection without a response. */
    REFUSE
}
