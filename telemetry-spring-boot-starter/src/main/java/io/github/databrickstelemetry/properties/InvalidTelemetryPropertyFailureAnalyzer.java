package io.github.databrickstelemetry.properties;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which property is wrong and what it may be, instead of a stack trace. */
final class InvalidTelemetryPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidTelemetryPropertyException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidTelemetryPropertyException cause) {
        return new FailureAnalysis(
                "The property " + cause.property() + " " + cause.problem() + ".",
                "It must be " + cause.allowed() + ". To start without telemetry, set " + TelemetrySwitch.ENABLED
                        + "=false.",
                cause);
    }
}
