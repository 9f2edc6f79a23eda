package io.github.databrickstelemetry.workspace;

import org.jspecify.annotations.Nullable;

/**
 * Credentials of one principal. Thread-safe. Read on telemetry threads before every request, so that tokens may rotate.
 * Reading may block (an OAuth token endpoint) and may throw, which counts as "no credentials now".
 *
 * <p>The identity is that of the <em>source</em>, never the token's value: two clients with equal identities on one
 * host are one.
 */
public interface CredentialSource {

    /** Names the source in maps and in the status; holds no secret. For a token of a data source, a keyed hash of it. */
    String identity();

    /** The value of the {@code Authorization} header, or null when there are no credentials now. */
    @Nullable
    String authorization();

    /** No credentials at all. */
    CredentialSource NONE = new CredentialSource() {
        @Override
        public String identity() {
            return "none";
        }

        @Override
        public @Nullable String authorization() {
            return null;
        }
    };
}
