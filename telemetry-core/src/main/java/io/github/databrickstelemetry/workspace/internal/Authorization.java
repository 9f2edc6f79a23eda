package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.workspace.CredentialSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the value of the {@code Authorization} header from a source, which may return or throw anything. Stateless. */
public final class Authorization {

    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e]*");

    private Authorization() {}

    /** The same credentials. If they have to be requested, closing the channel ends that request. */
    public static CredentialSource over(WorkspaceChannel channel, CredentialSource credentials) {
        return credentials instanceof RequestedCredentials requested ? new Bound(channel, requested) : credentials;
    }

    private record Bound(WorkspaceChannel channel, RequestedCredentials requested) implements RequestedCredentials {
        @Override
        public String identity() {
            return requested.identity();
        }

        @Override
        public @Nullable String authorization() {
            return requested.authorization(channel);
        }

        @Override
        public @Nullable String authorization(WorkspaceChannel other) {
            return requested.authorization(other);
        }

        @Override
        public void refused(String authorization) {
            requested.refused(authorization);
        }
    }

    /** Has the credentials requested afresh next time if the response is 401 or 403. */
    public static void check(
            WorkspaceResponse response, @Nullable CredentialSource credentials, @Nullable String authorization) {
        if ((response.status() == 401 || response.status() == 403)
                && authorization != null
                && credentials instanceof RequestedCredentials requested) {
            requested.refused(authorization);
        }
    }

    /**
     * The header's value, or null when there are no credentials now.
     *
     * @throws UnusableCredentialsException if the source fails, or returns a value that no header can carry
     */
    public static @Nullable String of(CredentialSource credentials) throws UnusableCredentialsException {
        String value;
        try {
            value = credentials.authorization();
        } catch (Throwable failure) {
            // The application's code: it may throw errors as well.
            throw new UnusableCredentialsException(
                    "NoCredentials(" + failure.getClass().getSimpleName() + ")");
        }
        if (value != null && !PRINTABLE.matcher(value).matches()) {
            // A line break would add headers of its own.
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
