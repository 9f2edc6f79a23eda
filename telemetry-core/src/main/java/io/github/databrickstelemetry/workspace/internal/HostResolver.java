package io.github.databrickstelemetry.workspace.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** From a name to its addresses. Thread-safe. May block. */
@FunctionalInterface
public interface HostResolver {

    /** All addresses of a host. */
    InetAddress[] resolve(String host) throws UnknownHostException;

    /** The machine's own resolver, whose answers the JVM caches. */
    HostResolver SYSTEM = InetAddress::getAllByName;
}
