package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * A property has an invalid value. Thrown only at application start, while telemetry is enabled. Names the property in
 * full and contains no secret.
 */
public final class InvalidTelemetryPropertyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String property;
    private final String problem;
    private final String allowed;

    /**
     * @param property the full property name, for example {@code databricks.telemetry.batch-size}
     * @param problem what is wrong, as the end of a sentence that begins with the property's name
     * @param allowed what is allowed, as the end of a sentence that begins with "must be"
     */
    public InvalidTelemetryPropertyException(
            String property, String problem, String allowed, @Nullable Throwable cause) {
        super(property + " " + problem + ", but must be " + allowed, cause);
        this.property = property;
        this.problem = problem;
        this.allowed = allowed;
    }

    static InvalidTelemetryPropertyException of(String prefix, InvalidSettingException invalid) {
        return new InvalidTelemetryPropertyException(
                prefix + invalid.property(), "is " + invalid.value(), invalid.allowed(), invalid);
    }

    /** The full property name, for example {@code databricks.telemetry.batch-size}. */
    public String property() {
        return property;
    }

    /** What is wrong, as the end of a sentence that begins with the property's name. */
    public String problem() {
        return problem;
    }

    /** What is allowed, as the end of a sentence that begins with "must be". */
    public String allowed() {
        return allowed;
    }
}
