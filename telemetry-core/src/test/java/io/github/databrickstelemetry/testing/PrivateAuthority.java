package io.github.databrickstelemetry.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of our own, made by the JDK's keytool, and servers that it vouches for. */
public final class PrivateAuthority {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;

    public PrivateAuthority(Path folder) {
        this.folder = folder;
        keytool("-alias", "ca", "-dname", "CN=Private CA", "-ext", "bc:c");
    }

    /**
     * What a server needs that proves to be this host, for example {@code ip:127.0.0.1}. It trusts clients of this
     * authority.
     *
     * @param extensions further ones of its certificate, as keytool takes them
     */
    public SSLContext server(String subjectAlternativeName, String... extensions) {
        List<String> arguments = new ArrayList<>(List.of("-alias", subjectAlternativeName, "-dname", "CN=s"));
        arguments.addAll(List.of("-signer", "ca", "-ext", "san=" + subjectAlternativeName));
        for (String extension : extensions) {
            arguments.addAll(List.of("-ext", extension));
        }
        keytool(arguments.toArray(String[]::new));
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(only(subjectAlternativeName), PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust(), null);
            return context;
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A PKCS12 file with a client's key and certificate, or with the authority's certificate for {@code ca}. */
    public Path storeFile(String name) {
        Path file = folder.resolve(name + ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            if (name.equals("ca")) {
                trusted().store(out, PASSWORD);
            } else {
                keytool("-alias", name, "-dname", "CN=" + name, "-signer", "ca");
                only(name).store(out, PASSWORD);
            }
            return file;
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The password of all files. */
    public static String password() {
        return new String(PASSWORD);
    }

    /** A list that revokes the certificate of a server, as PEM. */
    public String revocationOf(String subjectAlternativeName) {
        try {
            X509Certificate certificate = (X509Certificate) load().getCertificate(subjectAlternativeName);
            return run(
                    "-gencrl",
                    "-rfc",
                    "-alias",
                    "ca",
                    "-id",
                    certificate.getSerialNumber().toString());
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private KeyStore only(String alias) throws GeneralSecurityException, IOException {
        KeyStore all = load();
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, PASSWORD);
        one.setKeyEntry("key", all.getKey(alias, PASSWORD), PASSWORD, all.getCertificateChain(alias));
        return one;
    }

    private KeyStore trusted() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry("ca", load().getCertificate("ca"));
        return trusted;
    }

    private TrustManager[] trust() throws GeneralSecurityException, IOException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted());
        return trust.getTrustManagers();
    }

    /** What a client needs that trusts this authority only. */
    public SSLContext client() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(), null);
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
        List<String> all = new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC", "-validity", "3"));
        all.addAll(List.of(arguments));
        run(all.toArray(String[]::new));
    }

    /** What keytool prints. */
    private String run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", "keys.p12", "-storepass", new String(PASSWORD)));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
            return output;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupt);
        }
    }
}
