package io.github.databrickstelemetry.failure.internal;

import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * Describes a foreign exception as far as the configured {@link ErrorDetail} allows: class name, SQLState, vendor code
 * and HTTP status always; stack frames and the redacted message only at a level that includes them. Immutable, thread-safe; never
 * throws, whatever the exception's own methods do. The description is bounded in size.
 */
public final class ThrowableDescriber {

    private static final int MAX_NAME = 200;
    private static final int MAX_FRAMES_OF_ONE = 30;
    private static final int MAX_FRAMES_TEXT = 4_096;

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
            StackTraceElement[] frames = CauseChain.frames(cause);
            for (int i = 0; i < Math.min(frames.length, MAX_FRAMES_OF_ONE) && text.length() < MAX_FRAMES_TEXT; i++) {
                append(text, frames[i]);
            }
            if (text.length() >= MAX_FRAMES_TEXT) {
                return text.substring(0, MAX_FRAMES_TEXT);
            }
        }
        return text.toString();
    }

    @SuppressWarnings("NullAway") // An overridden getStackTrace may hold nulls.
    private static void append(StringBuilder text, @Nullable StackTraceElement frame) {
        if (frame == null) {
            return;
        }
        text.append("\tat ").append(plain(frame.getClassName())).append('.').append(plain(frame.getMethodName()));
        String file = frame.getFileName();
        if (file != null) {
            text.append('(').append(plain(file));
            if (frame.getLineNumber() > 0) {
                text.append(':').append(frame.getLineNumber());
            }
            text.append(')');
        }
        text.append('\n');
    }

    private static String className(Throwable failure) {
        return plain(failure.getClass().getName());
    }

    /** Keeps a name of code. What could be a message, a path or SQL is left out, because frames may be forged. */
    private static String plain(String name) {
        if (name.length() > MAX_NAME) {
            return "?";
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean partOfName = Character.isJavaIdentifierPart(c) || c == '.' || c == '-' || c == '<' || c == '>';
            // Hidden classes have their address behind a slash; anything else with a slash is a path.
            if (!partOfName && !name.startsWith("/0x", i)) {
                return "?";
            }
        }
        return name;
    }
}
