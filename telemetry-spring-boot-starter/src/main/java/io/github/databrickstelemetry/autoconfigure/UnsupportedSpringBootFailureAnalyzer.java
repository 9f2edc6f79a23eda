package io.github.databrickstelemetry.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which Spring Boot is needed, instead of a stack trace or a missing class later on. */
final class UnsupportedSpringBootFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedSpringBootException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedSpringBootException cause) {
        return new FailureAnalysis(
                cause.getMessage() + ".",
                "Use Spring Boot " + SpringBootSupport.OLDEST + " or newer. To start without telemetry, set "
                        + TelemetrySwitch.ENABLED + "=false.",
                cause);
    }
}
