package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.config.ExportSettings.HttpSettings;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp.Resolver;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says which hosts may be contacted, so that a manipulated host name cannot make this process send requests or credentials
 * into its own network. Stateless, thread-safe.
 */
public final class HostValidator {

    /** Names of this machine, and those under which clouds serve metadata. */
    private static final Pattern REFUSED_NAMES = Pattern.compile("(.+\\.)?localhost|localhost\\.localdomain"
            + "|metadata(\\.google\\.internal|\\.goog)?|instance-data(\\.ec2\\.internal)?");

    /** The special-purpose registries of IPv4 and IPv6 (RFC 6890). They hold most of the clouds' metadata services. */
    private static final List<AddressBlock> REFUSED = blocks(
            // Unspecified, loopback, link-local.
            "0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 ::/128 ::1/128 fe80::/10",
            // Private networks.
            "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fec0::/10",
            // Protocols, documentation, benchmarks, multicast, reserved.
            "192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3",
            "100::/64 2001:db8::/32 ff00::/8",
            // Teredo, which hides an IPv4 address in a form of its own. No workspace is reached over it.
            "2001::/32",
            // Azure's host agent.
            "168.63.129.16/32");

    /** Blocks whose last four bytes are an IPv4 address: compatible, mapped, translated; NAT64. */
    private static final List<AddressBlock> IPV4_AT_END = blocks("::/64 64:ff9b::/96 64:ff9b:1::/48");

    private static final AddressBlock SIX_TO_FOUR = AddressBlock.of("2002::/16");

    /** A request was not sent, because its host may not be contacted. */
    public static final class HostRefusedException extends IOException {

        private static final long serialVersionUID = 1L;
    }

    private HostValidator() {}

    /** Whether the target's host may not be contacted, by its written form. Does no I/O. */
    public static boolean isRefused(TelemetryTarget target) {
        HttpSettings settings = target.settings().export().http();
        if (target.host().scheme().equals("http") && !settings.allowHttp()) {
            return true;
        }
        InetAddress literal = target.host().address();
        return !settings.allowPrivateHosts()
                && (REFUSED_NAMES.matcher(target.host().host()).matches()
                        || (literal != null && isRefused(literal.getAddress())));
    }

    /**
     * The addresses that the target's host resolves to at present, to be connected to as they are. May block.
     *
     * @throws UnknownHostException if the name does not resolve
     * @throws HostRefusedException if one of them may not be contacted
     */
    static InetAddress[] resolve(TelemetryTarget target, Resolver resolver)
            throws UnknownHostException, HostRefusedException {
        InetAddress[] addresses = resolver.resolve(target.host().host());
        if (!mayBeAnywhere(target) && Stream.of(addresses).anyMatch(address -> isRefused(address.getAddress()))) {
            throw new HostRefusedException();
        }
        return addresses;
    }

    /**
     * Whether the name may resolve to any address, even one of this machine. The driver connects to the host of a JDBC URL
     * wherever that is: behind Private Link it is a private address. A workspace always has a name, so an address that is
     * written in its place is refused from a JDBC URL too.
     */
    static boolean mayBeAnywhere(TelemetryTarget target) {
        return target.hostFromJdbcUrl() || target.settings().export().http().allowPrivateHosts();
    }

    private static boolean isRefused(byte[] address) {
        if (isIn(REFUSED, address)) {
            return true;
        }
        if (SIX_TO_FOUR.contains(address)) {
            return isRefused(Arrays.copyOfRange(address, 2, 6));
        }
        return isIn(IPV4_AT_END, address) && isRefused(Arrays.copyOfRange(address, 12, 16));
    }

    private static boolean isIn(List<AddressBlock> blocks, byte[] address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    private static List<AddressBlock> blocks(String... lines) {
        return Stream.of(lines)
                .flatMap(line -> Stream.of(line.split(" ", -1)))
                .map(AddressBlock::of)
                .toList();
    }

    /** All addresses that begin with the same bits. */
    private record AddressBlock(int bytes, int freeBits, BigInteger prefix) {

        static AddressBlock of(String cidr) {
            try {
                String[] parts = cidr.split("/", -1);
                byte[] first = InetAddress.getByName(parts[0]).getAddress();
                int freeBits = first.length * 8 - Integer.parseInt(parts[1]);
                return new AddressBlock(first.length, freeBits, new BigInteger(1, first).shiftRight(freeBits));
            } catch (UnknownHostException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        boolean contains(byte[] address) {
            return address.length == bytes
                    && new BigInteger(1, address).shiftRight(freeBits).equals(prefix);
        }
    }
}
