package io.github.databrickstelemetry.privacy;

import java.net.URI;
import java.util.Locale;

/**
 * The address of a workspace: scheme, host and port, normalised. Immutable. Equal addresses are one host to the engine.
 *
 * <p>Written {@code host[:port]}; an optional {@code http://} or {@code https://} and one trailing slash are accepted
 * and stripped, anything else is refused.
 *
 * @param scheme {@code https}, or {@code http} where asked for
 * @param host lower case, without a trailing dot
 * @param port 1 to 65535
 */
public record WorkspaceHost(String scheme, String host, int port) {

    /**
     * Parses and normalises an address. Says nothing about whether it may be contacted.
     *
     * @throws IllegalArgumentException if it is not of the form {@code [http[s]://]host[:port][/]}; the message does
     *     not repeat the text
     */
    public static WorkspaceHost parse(String text) {
        String rest = text.strip();
        String scheme = "https";
        String lower = rest.toLowerCase(Locale.ROOT);
        if (lower.startsWith("https://")) {
            rest = rest.substring(8);
        } else if (lower.startsWith("http://")) {
            scheme = "http";
            rest = rest.substring(7);
        }
        if (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        if (!rest.matches("[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](:[0-9]{1,5})?")) {
            throw new IllegalArgumentException("A host is written host[:port]");
        }
        URI uri = URI.create(scheme + "://" + rest);
        String host = uri.getHost();
        if (host == null) {
            throw new IllegalArgumentException("A host is written host[:port]");
        }
        host = host.toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        int port = uri.getPort() == -1 ? (scheme.equals("http") ? 80 : 443) : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("A port is between 1 and 65535");
        }
        return new WorkspaceHost(scheme, host, port);
    }

    /** {@code host:port}, the key under which people see this host. */
    public String key() {
        return host + ":" + port;
    }

    /** The address that requests go to, without a trailing slash. */
    public String baseUrl() {
        boolean implied = scheme.equals("https") ? port == 443 : port == 80;
        return scheme + "://" + host + (implied ? "" : ":" + port);
    }

    @Override
    public String toString() {
        return key();
    }
}
