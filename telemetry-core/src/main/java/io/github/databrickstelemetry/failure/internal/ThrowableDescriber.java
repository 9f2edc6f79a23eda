package io.github.databrickstelemetry.failure.internal;

import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import java.util.regex.Pattern;

/**
 * Describes a foreign exception as far as the configured {@link ErrorDetail} allows: class name, SQLState, vendor code
 * and HTTP status always; stack frames and the redacted message only at a level that includes them. Immutable, thread-safe; never
 * throws, whatever the exception's own methods do. The description is bounded in size.
 */
public final class ThrowableDescriber {

    private static final int MAX_NAME = 200;
    private static final int MAX_FRAMES_OF_ONE = 30;
    private static final int MAX_FRAMES_TEXT = 4_096;

    /**
     * A name of code. What could be a message, a path or SQL is none, because frames may be forged. Hidden classes have
     * their address behind a slash.
     */
    private static final Pattern NAME = Pattern.compile("[\\p{javaJavaIdentifierPart}.<>-]*+(?:/0x[0-9a-f]++)?");

    private final ErrorDetail level;
    private final Redactor redactor = new Redactor();

    /** A describer at this level of detail. */
    public ThrowableDescriber(ErrorDetail level) {
        this.level = level;
    }

    /** Describes a failure at this level of detail. */
    public ErrorDetails describe(Throwable failure) {
        try {
            CauseChain chain = CauseChain.of(failure);
            return new ErrorDetails(
                    ExceptionClassifier.classify(chain),
                    className(failure),
                    chain.sqlState(),
                    chain.vendorCode(),
                    chain.httpStatus(),
                    level == ErrorDetail.NAME ? null : frames(chain),
                    level == ErrorDetail.MESSAGE ? redactor.redact(CauseChain.message(failure)) : null);
        } catch (Throwable broken) {
            // Out of memory or stack, for example.
            return new ErrorDetails(ErrorKind.OTHER, "unknown", null, 0, 0, null, null);
        }
    }

    /** Like a printed stack trace, without its messages. */
    private static String frames(CauseChain chain) {
        StringBuilder text = new StringBuilder(MAX_FRAMES_TEXT / 4);
        for (Throwable cause : chain.links()) {
            text.append(text.isEmpty() ? "" : "Caused by: ")
                    .append(className(cause))
                    .append('\n');
            for (StackTraceElement frame : CauseChain.frames(cause, MAX_FRAMES_OF_ONE)) {
                append(text, frame);
            }
        }
        return text.length() <= MAX_FRAMES_TEXT ? text.toString() : text.substring(0, MAX_FRAMES_TEXT);
    }

    private static void append(StringBuilder text, StackTraceElement frame) {
        text.append("\tat ").append(plain(frame.getClassName())).append('.').append(plain(frame.getMethodName()));
        String file = frame.getFileName();
        if (file != null) {
            String line = frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "";
            text.append('(').append(plain(file)).append(line).append(')');
        }
        text.append('\n');
    }

    private static String className(Throwable failure) {
        return plain(failure.getClass().getName());
    }

    private static String plain(String name) {
        return name.length() <= MAX_NAME && NAME.matcher(name).matches() ? name : "?";
    }
}
