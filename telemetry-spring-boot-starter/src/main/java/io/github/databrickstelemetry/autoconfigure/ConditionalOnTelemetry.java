package io.github.databrickstelemetry.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Matches when {@code databricks.telemetry.enabled} is true and the environment variable
 * {@code DATABRICKS_TELEMETRY_DISABLED} does not say otherwise.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnTelemetryCondition.class)
@interface ConditionalOnTelemetry {}
