package io.github.databrickstelemetry.benchmarks.engine;

import io.github.databrickstelemetry.failure.internal.Redactor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A megabyte of hostile text, with the caps of production and without any. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class RedactionBenchmark {

    private static final int MEGABYTE = 1 << 20;

    private final Redactor capped = new Redactor();
    private final Redactor uncapped = new Redactor(2 * MEGABYTE, 2 * MEGABYTE);

    /** The text that is repeated to a megabyte; {@code prose} is a harmless message. */
    @Param({"prose", "password=", "abc=", "dose-", "dapiabcdef", "https://a:b/", "eyJ", "bearer ", "\\\\a \\", "/home/"
    })
    String piece;

    private String text;

    @Setup
    public void setUp() {
        String repeated = piece.equals("prose") ? "The table or view cannot be found. SQLSTATE: 42P01 " : piece;
        text = repeated.repeat(MEGABYTE / repeated.length());
    }

    @Benchmark
    public @Nullable String megabyteUncapped() {
        return uncapped.redact(text);
    }

    @Benchmark
    public @Nullable String megabyteAsInProduction() {
        return capped.redact(text);
    }
}
