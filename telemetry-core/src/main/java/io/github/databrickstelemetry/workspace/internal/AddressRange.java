package io.github.databrickstelemetry.workspace.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A block of addresses that may not be contacted: the special-purpose registries of IPv4 and IPv6 (RFC 6890). */
@SuppressWarnings("ArrayRecordComponent")
record AddressRange(byte[] prefix, int bits, HostRefusal refusal) {

    /** The narrower range stands before the wider. */
    private static final List<AddressRange> REFUSED = List.of(
            // Metadata services: AWS, Azure, Google; AWS over IPv6; Alibaba; Oracle; Azure's host agent.
            range("169.254.169.254", 32, HostRefusal.METADATA),
            range("169.254.170.2", 32, HostRefusal.METADATA),
            range("fd00:ec2::", 32, HostRefusal.METADATA),
            range("100.100.100.200", 32, HostRefusal.METADATA),
            range("192.0.0.192", 32, HostRefusal.METADATA),
            range("168.63.129.16", 32, HostRefusal.METADATA),
            range("127.0.0.0", 8, HostRefusal.LOOPBACK),
            range("::1", 128, HostRefusal.LOOPBACK),
            range("169.254.0.0", 16, HostRefusal.LINK_LOCAL),
            range("fe80::", 10, HostRefusal.LINK_LOCAL),
            range("10.0.0.0", 8, HostRefusal.PRIVATE),
            range("172.16.0.0", 12, HostRefusal.PRIVATE),
            range("192.168.0.0", 16, HostRefusal.PRIVATE),
            range("100.64.0.0", 10, HostRefusal.PRIVATE),
            range("fc00::", 7, HostRefusal.PRIVATE),
            range("fec0::", 10, HostRefusal.PRIVATE),
            range("0.0.0.0", 8, HostRefusal.RESERVED),
            range("192.0.0.0", 24, HostRefusal.RESERVED),
            range("192.0.2.0", 24, HostRefusal.RESERVED),
            range("198.18.0.0", 15, HostRefusal.RESERVED),
            range("198.51.100.0", 24, HostRefusal.RESERVED),
            range("203.0.113.0", 24, HostRefusal.RESERVED),
            range("224.0.0.0", 3, HostRefusal.RESERVED),
            range("::", 128, HostRefusal.RESERVED),
            range("100::", 64, HostRefusal.RESERVED),
            range("2001:db8::", 32, HostRefusal.RESERVED),
            // Teredo, which hides an IPv4 address in a form of its own. No workspace is reached over it.
            range("2001::", 32, HostRefusal.RESERVED),
            range("ff00::", 8, HostRefusal.RESERVED));

    /** IPv6 prefixes behind which an IPv4 address stands, and the byte at which it begins. */
    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(range("64:ff9b::", 96, HostRefusal.RESERVED), 12),
            new Embedding(range("64:ff9b:1::", 48, HostRefusal.RESERVED), 12),
            new Embedding(range("2002::", 16, HostRefusal.RESERVED), 2),
            new Embedding(range("::", 96, HostRefusal.RESERVED), 12),
            new Embedding(mapped(), 12));

    private record Embedding(AddressRange range, int offset) {}

    /** Why an address may not be contacted, or null if it may. */
    static @Nullable HostRefusal refusal(byte[] address) {
        for (AddressRange range : REFUSED) {
            if (range.contains(address)) {
                return range.refusal;
            }
        }
        for (Embedding embedding : EMBEDDINGS) {
            if (embedding.range.contains(address)) {
                return refusal(Arrays.copyOfRange(address, embedding.offset, embedding.offset + 4));
            }
        }
        return null;
    }

    private boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += 8) {
            int mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit)) & 0xff;
            if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static AddressRange range(String literal, int bits, HostRefusal refusal) {
        try {
            return new AddressRange(InetAddress.getByName(literal).getAddress(), bits, refusal);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** {@code ::ffff:0:0/96}; written as text, Java would turn it into an IPv4 address. */
    private static AddressRange mapped() {
        byte[] prefix = new byte[16];
        prefix[10] = (byte) 0xff;
        prefix[11] = (byte) 0xff;
        return new AddressRange(prefix, 96, HostRefusal.RESERVED);
    }
}
