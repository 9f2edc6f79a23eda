package io.github.databrickstelemetry.export;

import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.http.CredentialSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header under which a client's requests travel, asked for before every request. */
final class AuthorizationHeader {

    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e]*");

    private final CredentialSource credentials;
    private final boolean authenticated;

    AuthorizationHeader(CredentialSource credentials, boolean authenticated) {
        this.credentials = credentials;
        this.authenticated = authenticated;
    }

    /**
     * The value, or null for a client that travels without.
     *
     * @throws AttemptException if there are no credentials now
     */
    @Nullable
    String current() {
        if (!authenticated) {
            return null;
        }
        String value;
        try {
            value = credentials.authorization();
        } catch (Throwable failure) {
            // Foreign code: the Databricks SDK, for one, fails to load a class when a client is refused.
            throw none("NoCredentials(" + failure.getClass().getSimpleName() + ")");
        }
        if (value == null) {
            throw none("NoCredentials");
        }
        if (!PRINTABLE.matcher(value).matches()) {
            throw none("UnprintableCredentials");
        }
        return value;
    }

    private static AttemptException none(String why) {
        return new AttemptException(Outcome.FAILURE, ExportError.ofCredentials(why));
    }
}
