package io.github.databrickstelemetry.autoconfigure;

/**
 * The oldest line of Spring Boot that the auto-configurations run on. A build with an older one keeps its own versions and
 * resolves without a warning, so the auto-configurations look for a class that Spring Boot 3.5 has added. Without it they
 * stay out, whether telemetry is enabled or not: the application starts as it does without this library.
 */
final class RequiredSpringBoot {

    /** Added in 3.5, and still there in 4.1. */
    static final String CLASS = "org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty";

    private RequiredSpringBoot() {}
}
