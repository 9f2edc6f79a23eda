package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which hosts may be contacted, so that nobody who can influence a host name makes this process talk to its own
 * network or send credentials there. Thread-safe, without state.
 */
public final class HostValidator {

    /** Names under which clouds serve metadata; the addresses are in {@link AddressRange}. */
    private static final Set<String> METADATA_NAMES = Set.of(
            "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal");

    private final HostResolver resolver;

    /** @param resolver asked by {@link #checkResolved} only */
    public HostValidator(HostResolver resolver) {
        this.resolver = resolver;
    }

    /** Uses the machine's own resolver. */
    public HostValidator() {
        this(HostResolver.SYSTEM);
    }

    /**
     * What speaks against a host as it is written. Does no I/O.
     *
     * @return null if nothing does
     */
    public @Nullable HostRefusal check(WorkspaceHost host, boolean allowPrivateHosts, boolean allowHttp) {
        if (host.scheme().equals("http") && !allowHttp) {
            return HostRefusal.PLAIN_HTTP;
        }
        if (allowPrivateHosts) {
            return null;
        }
        String name = host.host();
        if (name.equals("localhost") || name.endsWith(".localhost") || name.equals("localhost.localdomain")) {
            return HostRefusal.LOOPBACK;
        }
        if (METADATA_NAMES.contains(name)) {
            return HostRefusal.METADATA;
        }
        InetAddress literal = AddressLiteral.parse(name);
        return literal == null ? null : AddressRange.refusal(literal.getAddress());
    }

    /**
     * What speaks against the addresses that a name resolves to at present. To be asked before a request to a host that
     * does not come from a JDBC URL, unless a proxy resolves the name. May block.
     *
     * <p>The connection that follows resolves the name again, from the JVM's cache as a rule; what a name server that
     * changes its mind in between could reach still has to present a certificate for the name.
     *
     * @return null if nothing does
     * @throws UnknownHostException if the name does not resolve
     */
    public @Nullable HostRefusal checkResolved(WorkspaceHost host, boolean allowPrivateHosts)
            throws UnknownHostException {
        if (allowPrivateHosts) {
            return null;
        }
        for (InetAddress address : resolver.resolve(host.host())) {
            HostRefusal refusal = AddressRange.refusal(address.getAddress());
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }
}
