package io.github.databrickstelemetry.failure.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.databricks.internal.sdk.core.DatabricksError;
import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ExceptionClassifierProperties {

    @Property
    void describesAnyChainWithinItsBounds(
            @ForAll List<@From("failures") Supplier<Throwable>> links, @ForAll ErrorDetail level) {
        Throwable outermost = chain(links);
        ErrorDetails details = new ThrowableDescriber(level).describe(outermost);
        assertThat(details.kind()).isEqualTo(ExceptionClassifier.classify(outermost));
        assertThat(details.exceptionClass()).isEqualTo(outermost.getClass().getName());
        if (details.sqlState() != null) {
            assertThat(details.sqlState()).matches("[A-Z0-9]{5}|[A-Z_]{5,64}");
        }
        if (details.stackFrames() != null) {
            assertThat(details.stackFrames()).hasSizeLessThanOrEqualTo(4_096);
        }
        if (details.message() != null) {
            assertThat(details.message()).hasSizeLessThanOrEqualTo(2_048);
        }
    }

    @Property
    void aStatusAnywhereInTheChainDecides(@ForAll List<@From("failures") Supplier<Throwable>> links) {
        Throwable withStatus = new SQLException(chain(links).getMessage(), new DatabricksError("CODE", "m", 403));
        assertThat(ExceptionClassifier.classify(new RuntimeException(withStatus)))
                .isEqualTo(ErrorKind.TERMINAL);
        assertThatCode(() -> ExceptionClassifier.classify(chain(links))).doesNotThrowAnyException();
    }

    /** Suppliers, because a failing test prints its parameters, and these cannot all be printed. */
    @Provide
    Arbitrary<Supplier<Throwable>> failures() {
        Arbitrary<String> text = Arbitraries.strings().ofMaxLength(80).injectNull(0.1);
        Arbitrary<String> state = Arbitraries.oneOf(
                text, Arbitraries.of("42P01", "08001", "28000", "HYT00", "AUTH_ERROR", "EXECUTE_STATEMENT_FAILED"));
        Arbitrary<Supplier<Throwable>> sql = Combinators.combine(text, state, Arbitraries.integers())
                .as((message, sqlState, code) -> () -> new SQLException(message, sqlState, code));
        Arbitrary<Supplier<Throwable>> http = Combinators.combine(
                        text, Arbitraries.integers().between(-10, 700))
                .as((message, status) -> () -> new DatabricksError("CODE", String.valueOf(message), status));
        Arbitrary<Supplier<Throwable>> other = text.flatMap(message -> Arbitraries.of(List.of(
                () -> new ConnectException(message),
                () -> new UnknownHostException(message),
                () -> new IOException(message),
                () -> new IllegalStateException(message),
                ExceptionClassifierTest.HostileException::new)));
        return Arbitraries.oneOf(List.of(sql, http, other));
    }

    /** Every link is the cause of the one before, or wrapped where that one already has a cause. */
    private static Throwable chain(List<Supplier<Throwable>> links) {
        Throwable outermost = new Exception("outermost");
        Throwable last = outermost;
        for (Supplier<Throwable> link : links) {
            Throwable next = link.get();
            try {
                last.initCause(next);
                last = next;
            } catch (RuntimeException forbidden) {
                last = new Exception("wrapped", next);
            }
        }
        return outermost;
    }
}
