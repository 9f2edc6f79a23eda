package io.github.databrickstelemetry.config;

import org.jspecify.annotations.Nullable;

/**
 * A setting has a value that is not allowed. Thrown while settings are constructed, so at application start, never at
 * run time.
 *
 * <p>The property name is relative, in the form in which it is written after the prefix, for example
 * {@code export.max-retries}.
 */
public final class InvalidSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String property;
    private final String value;
    private final String allowed;

    /**
     * @param property the relative property name, for example {@code batch-size}
     * @param value the refused value as it should be shown; must not be a secret
     * @param allowed what is allowed, as the end of a sentence that begins with "must be"
     */
    public InvalidSettingException(String property, @Nullable Object value, String allowed) {
        super(property + " is " + value + ", but must be " + allowed);
        this.property = property;
        this.value = String.valueOf(value);
        this.allowed = allowed;
    }

    /** The relative property name, for example {@code batch-size}. */
    public String property() {
        return property;
    }

    /** The refused value as text. */
    public String value() {
        return value;
    }

    /** What would have been allowed, as the end of a sentence that begins with "must be". */
    public String allowed() {
        return allowed;
    }
}
