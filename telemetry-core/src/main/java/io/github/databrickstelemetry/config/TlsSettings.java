package io.github.databrickstelemetry.config;

import java.nio.file.Path;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a client trusts, and the certificate that it shows. Read for every request, so that changes are followed.
 * Clients with equal settings share one context, unless nothing is verified.
 */
public sealed interface TlsSettings {

    /**
     * Key store files. A file that is replaced is read again.
     *
     * @param trustStore the certificates to trust, or null for the JVM's own
     * @param keyStore the client certificate, or null for none
     * @param revocation how strictly revocation is checked
     */
    record Stores(@Nullable StoreFile trustStore, @Nullable StoreFile keyStore, Revocation revocation)
            implements TlsSettings {}

    /**
     * A context with a source of its own, such as an SSL bundle.
     *
     * @param current called for every request; compared by identity
     */
    record Supplied(Supplier<SSLContext> current) implements TlsSettings {}

    /**
     * Every certificate and every host name, as the driver has it with {@code AllowSelfSignedCerts=1}. Holds only for the
     * host of a JDBC URL; for another one it means the JVM's own trust.
     */
    record Unverified() implements TlsSettings {}

    /**
     * A key store file.
     *
     * @param type such as {@code JKS}
     * @param password never printed; null for none
     */
    record StoreFile(Path path, String type, @Nullable String password) {

        @Override
        public String toString() {
            return "StoreFile[" + path + ", " + type + "]";
        }
    }

    /** Whether a certificate may be revoked. */
    enum Revocation {
        /** Not checked. */
        IGNORED,
        /** Must be known not to be. */
        CHECKED,
        /** Must not be known to be; a responder that cannot be reached does not matter. */
        CHECKED_IF_KNOWN
    }
}
