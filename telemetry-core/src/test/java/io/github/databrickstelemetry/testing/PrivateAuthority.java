package io.github.databrickstelemetry.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of our own, made by the JDK's keytool, and servers that it vouches for. */
public final class PrivateAuthority {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;

    public PrivateAuthority(Path folder) {
        this.folder = folder;
        keytool("-alias", "ca", "-dname", "CN=Private CA", "-ext", "bc:c");
    }

    /** What a server needs that proves to be this host, for example {@code ip:127.0.0.1}. */
    public SSLContext server(String subjectAlternativeName) {
        keytool(
                "-alias",
                subjectAlternativeName,
                "-dname",
                "CN=s",
                "-ext",
                "san=" + subjectAlternativeName,
                "-signer",
                "ca");
        try {
            KeyStore all = load();
            KeyStore one = KeyStore.getInstance("PKCS12");
            one.load(null, PASSWORD);
            one.setKeyEntry(
                    "server",
                    all.getKey(subjectAlternativeName, PASSWORD),
                    PASSWORD,
                    all.getCertificateChain(subjectAlternativeName));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(one, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What a client needs that trusts this authority only. */
    public SSLContext client() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, PASSWORD);
            trusted.setCertificateEntry("ca", load().getCertificate("ca"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private KeyStore load() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-keystore", "keys.p12", "-storepass", new String(PASSWORD)));
        command.addAll(List.of("-keyalg", "EC", "-validity", "3"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            byte[] output = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(new String(output, java.nio.charset.StandardCharsets.UTF_8));
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupt);
        }
    }
}
