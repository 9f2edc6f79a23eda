package io.github.databrickstelemetry.sample.start;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a {@link SampleStartException} as a sentence, not as a stack. */
final class SampleFailureAnalyzer extends AbstractFailureAnalyzer<SampleStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SampleStartException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
