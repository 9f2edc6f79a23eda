package io.github.databrickstelemetry.autoconfigure;

/** The application's Spring Boot is older than any that this library runs on. Thrown at application start. */
public final class UnsupportedSpringBootException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsupportedSpringBootException(String version) {
        super("Spring Boot " + version + " is not supported by Databricks SQL telemetry");
    }
}
