package io.github.databrickstelemetry.workspace.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP addresses written as such. */
public final class AddressLiteral {

    private AddressLiteral() {}

    /** The address that a host is written as, or null if it is a name. Never asks a name server. */
    public static @Nullable InetAddress parse(String host) {
        // A name cannot pass: java.net.URI has made sure that it ends in a label which begins with a letter.
        boolean ip4 = !host.isEmpty() && host.matches("[0-9.]+");
        if (!ip4 && !host.startsWith("[")) {
            return null;
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }
}
