package io.github.databrickstelemetry.failure.internal;

import org.jspecify.annotations.Nullable;

/**
 * Takes secrets and private places out of free text before the text is queued: credentials in headers, Databricks
 * tokens, JWTs, values of secret names in JSON, form, header and JDBC-URL form, user-info of URLs, PEM blocks, home and
 * temporary directories, UNC paths. What is taken out is replaced by {@value #MARK}.
 *
 * <p>Hides too much rather than too little. Takes time linear in the length of the text, whatever the text is, and is
 * idempotent. Immutable, thread-safe, never throws.
 *
 * <p>Text is capped before (so that a hostile message costs little) and after. The first cap drops the word that it
 * cuts through, because half a token is not recognised as one.
 */
public final class Redactor {

    /** What stands for anything taken out. */
    public static final String MARK = "***";

    /** Stands at the end of capped text. */
    static final char ELLIPSIS = '\u2026';

    private static final int DEFAULT_MAX_INPUT = 16_384;
    private static final int DEFAULT_MAX_OUTPUT = 2_048;

    private static final int MAX_PASSES = 8;

    private final int maxInput;
    private final int maxOutput;

    /** Reads at most 16,384 characters and returns at most 2,048. */
    public Redactor() {
        this(DEFAULT_MAX_INPUT, DEFAULT_MAX_OUTPUT);
    }

    /**
     * With caps of one's own.
     *
     * @param maxInput characters read; at least {@code maxOutput}
     * @param maxOutput characters returned; at least 1
     */
    public Redactor(int maxInput, int maxOutput) {
        if (maxOutput < 1 || maxInput < maxOutput) {
            throw new IllegalArgumentException("1 <= maxOutput <= maxInput");
        }
        this.maxInput = maxInput;
        this.maxOutput = maxOutput;
    }

    /** The text without its secrets; null if there was none. */
    public @Nullable String redact(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String before = capInput(text);
        String after = capOutput(new RedactingScanner(before).scan());
        // Taking something out, or cutting, can bring together what then looks like a secret. Rare: the second pass
        // nearly always finds nothing.
        for (int pass = 1; pass < MAX_PASSES && !after.equals(before); pass++) {
            before = after;
            after = capOutput(new RedactingScanner(before).scan());
        }
        return after;
    }

    private String capInput(String text) {
        if (text.length() <= maxInput) {
            return text;
        }
        int end = maxInput;
        while (end > 0 && !Ascii.isBlank(text.charAt(end - 1)) && !Ascii.isQuote(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + ELLIPSIS;
    }

    private String capOutput(String text) {
        if (text.length() <= maxOutput) {
            return text;
        }
        int end = maxOutput - 1;
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + ELLIPSIS;
    }
}
