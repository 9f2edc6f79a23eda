package io.github.databrickstelemetry.workspace.internal;

/** There are no credentials now that a request can carry. Holds neither their value nor a cause. */
public final class UnusableCredentialsException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String why;

    UnusableCredentialsException(String why) {
        super(why, null, false, false);
        this.why = why;
    }

    /**
     * A short word such as {@code NoCredentials}, followed by the class of the source's exception if there was one.
     */
    public String why() {
        return why;
    }
}
