package io.github.databrickstelemetry.properties;

/** Where a query tag's value comes from. */
public enum QueryTagSource {
    /** The value of {@code spring.application.name}, as tag {@code application}. */
    APPLICATION,
    /** The bean name of the data source, as tag {@code bean}. */
    BEAN,
    /** The active profiles, as tag {@code profile}. */
    PROFILE
}
