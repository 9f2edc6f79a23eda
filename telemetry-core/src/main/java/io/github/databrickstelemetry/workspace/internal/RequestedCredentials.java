package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.workspace.CredentialSource;
import org.jspecify.annotations.Nullable;

/** Credentials that may have to be requested first. Thread-safe. */
public interface RequestedCredentials extends CredentialSource {

    /** As {@link #authorization()}, but the channel sends the request, so that closing it ends the request. */
    @Nullable
    String authorization(WorkspaceChannel channel);

    @Override
    default @Nullable String authorization() {
        try (WorkspaceHttp http = new WorkspaceHttp();
                WorkspaceChannel channel = http.open()) {
            return authorization(channel);
        }
    }

    /** Forgets a header that the workspace answered with 401 or 403, so that the next one is requested afresh. */
    void refused(String authorization);
}
