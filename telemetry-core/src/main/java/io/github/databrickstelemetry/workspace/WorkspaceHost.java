package io.github.databrickstelemetry.workspace;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a workspace: scheme, host and port, normalised. Immutable. Equal addresses are one host to the engine.
 *
 * <p>Written {@code host[:port]}; an optional {@code http://} or {@code https://} and one trailing slash are accepted
 * and stripped, anything else is refused.
 *
 * @param scheme {@code https}, or {@code http} if written so
 * @param host lower case, without a trailing dot
 * @param port 1 to 65535
 */
public record WorkspaceHost(String scheme, String host, int port) {

    private static final Pattern ADDRESS = Pattern.compile("(?:(?<scheme>(?i:https?))://)?"
            + "(?<host>[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::(?<port>[0-9]{1,5}))?/?");

    /**
     * Parses and normalises an address. Says nothing about whether it may be contacted.
     *
     * @throws IllegalArgumentException if it is not of the form {@code [http[s]://]host[:port][/]}; the message does
     *     not repeat the text
     */
    public static WorkspaceHost parse(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("A host is written host[:port]");
        }
        String scheme =
                parts.group("scheme") == null ? "https" : parts.group("scheme").toLowerCase(Locale.ROOT);
        int implied = scheme.equals("https") ? 443 : 80;
        int port = parts.group("port") == null ? implied : Integer.parseInt(parts.group("port"));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("A port is between 1 and 65535");
        }
        return new WorkspaceHost(scheme, normalised(parts.group("host")), port);
    }

    private static String normalised(String written) {
        String host;
        try {
            host = new URI("https://" + written).getHost();
        } catch (URISyntaxException repeatsTheText) {
            host = null;
        }
        if (host == null) {
            throw new IllegalArgumentException("A host is written host[:port]");
        }
        host = host.toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        InetAddress literal = literal(host);
        if (literal == null) {
            return host;
        }
        if (!host.startsWith("[") && !host.equals(literal.getHostAddress())) {
            // Programs read 2130706433 and 010.0.0.1 as different addresses.
            throw new IllegalArgumentException("A host is written host[:port]");
        }
        // One spelling of each address, so that "::1" and "0:0:0:0:0:0:0:1" are one host.
        return literal instanceof Inet4Address ? literal.getHostAddress() : "[" + literal.getHostAddress() + "]";
    }

    private static @Nullable InetAddress literal(String host) {
        // java.net.URI has accepted the host, so a name ends in a label that begins with a letter.
        if (!host.startsWith("[") && !host.matches("[0-9.]+")) {
            return null;
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException noAddress) {
            return null;
        }
    }

    /** The IP address that the host is written as, or null if it is a name. Makes no name lookup. */
    public @Nullable InetAddress address() {
        return literal(host);
    }

    /** {@code host:port}, the name of this host in status, meters and log. */
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
