package io.github.databrickstelemetry.workspace.internal;

/** Why a host may not be contacted. The names are shown in the status. */
public enum HostRefusal {
    /** Plain HTTP, without {@code allow-http}. */
    PLAIN_HTTP,
    /** An address of this machine. */
    LOOPBACK,
    /** A link-local address. */
    LINK_LOCAL,
    /** The metadata service of a cloud provider, which hands out credentials. */
    METADATA,
    /** An address of a private network. */
    PRIVATE,
    /** An address that names no single host on the Internet: unspecified, multicast, reserved, documentation. */
    RESERVED
}
