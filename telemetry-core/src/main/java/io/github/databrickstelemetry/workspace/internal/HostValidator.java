package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which hosts may be contacted, so that a manipulated host name cannot make this process send requests or credentials
 * into its own network. Stateless, thread-safe.
 */
public final class HostValidator {

    /** Names under which clouds serve metadata; the addresses are in {@link AddressRange}. */
    private static final Set<String> METADATA_NAMES = Set.of(
            "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal");

    /** Finds all addresses of a name. Thread-safe; may block. */
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;

    /** @param resolver used by {@link #resolve} only */
    public HostValidator(Resolver resolver) {
        this.resolver = resolver;
    }

    /** Uses the machine's own resolver. */
    public HostValidator() {
        this(InetAddress::getAllByName);
    }

    /**
     * Why a host may not be contacted, by its written form. Does no I/O.
     *
     * @return null if it may
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
        InetAddress literal = host.address();
        return literal == null ? null : AddressRange.refusal(literal.getAddress());
    }

    /**
     * The addresses that a host resolves to at present, to be connected to as they are. May block.
     *
     * @param allowPrivateHosts whether they may be any
     * @throws UnknownHostException if the name does not resolve
     * @throws HostRefusedException if one of them may not be contacted
     */
    public InetAddress[] resolve(WorkspaceHost host, boolean allowPrivateHosts)
            throws UnknownHostException, HostRefusedException {
        InetAddress[] addresses = resolver.resolve(host.host());
        for (InetAddress address : addresses) {
            HostRefusal refusal = allowPrivateHosts ? null : AddressRange.refusal(address.getAddress());
            if (refusal != null) {
                throw new HostRefusedException(refusal);
            }
        }
        return addresses;
    }
}
