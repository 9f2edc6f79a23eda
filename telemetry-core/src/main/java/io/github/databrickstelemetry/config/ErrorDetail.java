package io.github.databrickstelemetry.config;

/** How much of an exception is reported. */
public enum ErrorDetail {
    /** Class name, error code, SQLState and HTTP status. The default, because drivers put SQL text into messages. */
    NAME,
    /** Like {@link #NAME}, and the stack frames, without any message. */
    FRAMES,
    /** Like {@link #FRAMES}, and the redacted message. */
    MESSAGE
}
