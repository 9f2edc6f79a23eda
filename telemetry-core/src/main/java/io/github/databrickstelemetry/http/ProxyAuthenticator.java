package io.github.databrickstelemetry.http;

import io.github.databrickstelemetry.config.ProxySettings;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import org.jspecify.annotations.Nullable;

/**
 * Basic authentication at the proxy; never answers a server. For HTTPS through a proxy the JDK refuses Basic unless the
 * JVM runs with {@code -Djdk.http.auth.tunneling.disabledSchemes=}.
 */
final class ProxyAuthenticator extends Authenticator {

    private final String user;
    private final String password;

    private ProxyAuthenticator(String user, String password) {
        this.user = user;
        this.password = password;
    }

    /** Null if there is nothing to authenticate with. */
    static @Nullable Authenticator of(@Nullable ProxySettings settings) {
        if (settings == null || settings.user() == null || settings.password() == null) {
            return null;
        }
        return new ProxyAuthenticator(settings.user(), settings.password());
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        return getRequestorType() == RequestorType.PROXY
                ? new PasswordAuthentication(user, password.toCharArray())
                : null;
    }
}
