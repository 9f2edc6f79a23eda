package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.workspace.CredentialSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks a source for the value of the {@code Authorization} header, whatever the source answers or throws. Stateless. */
public final class Authorization {

    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e]*");

    private Authorization() {}

    /**
     * The header's value, or null when there are no credentials now.
     *
     * @throws UnusableCredentialsException if the source fails, or answers what no header can carry
     */
    public static @Nullable String of(CredentialSource credentials) throws UnusableCredentialsException {
        String value;
        try {
            value = credentials.authorization();
        } catch (Throwable failure) {
            // Foreign code: the Databricks SDK, for one, fails to load a class when a client is refused.
            throw new UnusableCredentialsException(
                    "NoCredentials(" + failure.getClass().getSimpleName() + ")");
        }
        if (value != null && !PRINTABLE.matcher(value).matches()) {
            // The HTTP client would refuse it with a message that repeats it.
            throw new UnusableCredentialsException("UnprintableCredentials");
        }
        return value;
    }

    /**
     * The header's value.
     *
     * @throws UnusableCredentialsException if there is none now that can be used
     */
    public static String require(CredentialSource credentials) throws UnusableCredentialsException {
        String value = of(credentials);
        if (value == null) {
            throw new UnusableCredentialsException("NoCredentials");
        }
        return value;
    }
}
