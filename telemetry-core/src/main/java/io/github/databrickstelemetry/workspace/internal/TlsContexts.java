package io.github.databrickstelemetry.workspace.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TlsSettings.Revocation;
import io.github.databrickstelemetry.config.TlsSettings.StoreFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes TLS contexts from key store files, and new ones when a file has changed. Clients with equal settings share
 * one. Thread-safe; reads files on the calling thread, without a lock.
 */
final class TlsContexts {

    /** @param versions of the files that it was made from */
    private record Loaded(List<String> versions, SSLContext context) {}

    /** A context holds a private key, so the one of an older file is not kept. */
    private final Cache<TlsSettings.Stores, Loaded> contexts = Caffeine.newBuilder()
            .maximumSize(256)
            .expireAfterAccess(Duration.ofHours(1))
            .executor(Runnable::run)
            .build();

    /**
     * The context to use now.
     *
     * @throws IOException if a store cannot be read; there is no fallback to the JVM's trust, which may be wider
     */
    SSLContext current(@Nullable TlsSettings settings) throws IOException {
        try {
            if (settings == null) {
                return SSLContext.getDefault();
            }
            if (settings instanceof TlsSettings.Stores stores) {
                return ofStores(stores);
            }
            return settings instanceof TlsSettings.Supplied supplied
                    ? supplied.current().get()
                    : context(null, new TrustsAll());
        } catch (GeneralSecurityException | RuntimeException unusable) {
            throw new IOException("TLS settings cannot be used", unusable);
        }
    }

    private static SSLContext context(KeyManager @Nullable [] keys, TrustManager... trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    /** Like the driver's, so that the JDK's checks of algorithms stay. */
    private static final class TrustsAll implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private SSLContext ofStores(TlsSettings.Stores stores) throws GeneralSecurityException, IOException {
        List<String> versions = List.of(version(stores.trustStore()), version(stores.keyStore()));
        Loaded loaded = contexts.getIfPresent(stores);
        if (loaded == null || !loaded.versions.equals(versions)) {
            loaded = new Loaded(versions, context(keyManagers(stores.keyStore()), trustManagers(stores)));
            contexts.put(stores, loaded);
        }
        return loaded.context;
    }

    /** Changes when the file is replaced. */
    private static String version(@Nullable StoreFile file) throws IOException {
        return file == null ? "" : Files.getLastModifiedTime(file.path()) + " " + Files.size(file.path());
    }

    private static KeyManager @Nullable [] keyManagers(@Nullable StoreFile file)
            throws GeneralSecurityException, IOException {
        if (file == null) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(load(file), password(file));
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(TlsSettings.Stores stores)
            throws GeneralSecurityException, IOException {
        KeyStore store = stores.trustStore() == null ? null : load(stores.trustStore());
        TrustManagerFactory plain = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        plain.init(store);
        if (stores.revocation() == Revocation.IGNORED) {
            return plain.getTrustManagers();
        }
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
        if (stores.revocation() == Revocation.CHECKED_IF_KNOWN) {
            // As the driver does.
            checker.setOptions(Set.of(Option.SOFT_FAIL, Option.NO_FALLBACK, Option.PREFER_CRLS));
        }
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(anchors(plain.getTrustManagers()), new X509CertSelector());
        parameters.setRevocationEnabled(true);
        parameters.addCertPathChecker(checker);
        TrustManagerFactory checking = TrustManagerFactory.getInstance("PKIX");
        checking.init(new CertPathTrustManagerParameters(parameters));
        return checking.getTrustManagers();
    }

    private static Set<TrustAnchor> anchors(TrustManager[] managers) {
        return Stream.of(managers)
                .filter(X509TrustManager.class::isInstance)
                .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
                .map(issuer -> new TrustAnchor(issuer, null))
                .collect(Collectors.toSet());
    }

    private static KeyStore load(StoreFile file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(file.type());
        try (InputStream in = Files.newInputStream(file.path())) {
            store.load(in, password(file));
        }
        return store;
    }

    private static char @Nullable [] password(StoreFile file) {
        return file.password() == null ? null : file.password().toCharArray();
    }
}
