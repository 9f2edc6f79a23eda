package io.github.databrickstelemetry.properties;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

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

    /** The full property name, for example {@code databricks.telemetry.batch-size}. */
    public String property() {
        return property;
    }

    /** What is allowed, as the end of a sentence that begins with "must be". */
    public String allowed() {
        return allowed;
    }

    /** Says which property is wrong and what it may be, instead of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<InvalidTelemetryPropertyException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, InvalidTelemetryPropertyException cause) {
            return new FailureAnalysis(
                    "The property " + cause.property + " " + cause.problem + ".",
                    "It must be " + cause.allowed + ". To start without telemetry, set " + TelemetrySwitch.ENABLED
                            + "=false.",
                    cause);
        }
    }
}
