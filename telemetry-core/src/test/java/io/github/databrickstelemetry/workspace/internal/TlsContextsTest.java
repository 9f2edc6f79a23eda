package io.github.databrickstelemetry.workspace.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TlsSettings.Revocation;
import io.github.databrickstelemetry.config.TlsSettings.StoreFile;
import io.github.databrickstelemetry.testing.PrivateAuthority;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Answer;
import io.github.databrickstelemetry.testing.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trust and client certificates of a data source hold for our requests, and changes of them. */
class TlsContextsTest {

    private static final String HOST = "ip:127.0.0.1";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static PrivateAuthority authority;

    @SuppressWarnings("NullAway.Init")
    private static Path trusted;

    private final WorkspaceHttp http = new WorkspaceHttp();

    @BeforeAll
    static void makeAuthority() {
        authority = new PrivateAuthority(folder);
        trusted = authority.storeFile("ca");
    }

    private int status(StubServer server, TlsSettings tls) throws IOException {
        return status(Targets.of("127.0.0.1:" + server.port()).tls(tls));
    }

    private int status(Targets target) throws IOException {
        return http.open().get(target.build(), "/", "Bearer secret").status();
    }

    private static TlsSettings trusting(@Nullable Path keyStore, Revocation revocation) {
        return new TlsSettings.Stores(file(trusted), keyStore == null ? null : file(keyStore), revocation);
    }

    private static StoreFile file(Path path) {
        return new StoreFile(path, "PKCS12", PrivateAuthority.password());
    }

    private static PrivateAuthority other(String name) throws IOException {
        return new PrivateAuthority(Files.createDirectories(folder.resolve(name)));
    }

    @Test
    void sharesOneContextBetweenEqualSettings() throws Exception {
        TlsContexts contexts = new TlsContexts();

        assertThat(contexts.current(trusting(null, Revocation.IGNORED)))
                .isSameAs(contexts.current(trusting(null, Revocation.IGNORED)));
    }

    @Test
    void followsATrustStoreThatIsReplaced() throws Exception {
        Path store = folder.resolve("replaced.p12");
        Files.copy(other("old").storeFile("ca"), store);
        TlsSettings settings = new TlsSettings.Stores(file(store), null, Revocation.IGNORED);
        try (StubServer server = StubServer.https(authority.server(HOST))) {
            assertThatThrownBy(() -> status(server, settings)).isInstanceOf(SSLHandshakeException.class);

            Files.copy(trusted, store, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(store, FileTime.from(Instant.now().plusSeconds(60)));

            assertThat(status(server, settings)).isEqualTo(200);
        }
    }

    @Test
    void followsAContextThatIsSuppliedAnew() throws Exception {
        AtomicReference<SSLContext> current =
                new AtomicReference<>(other("before").client());
        TlsSettings settings = new TlsSettings.Supplied(current::get);
        PrivateAuthority renewed = other("renewed");
        try (StubServer server = StubServer.https(renewed.server(HOST))) {
            assertThatThrownBy(() -> status(server, settings)).isInstanceOf(SSLHandshakeException.class);

            current.set(renewed.client());

            assertThat(status(server, settings)).isEqualTo(200);
        }
    }

    @Test
    void sendsNothingToAServerWhoseCertificateIsRevoked() throws Exception {
        AtomicReference<String> list = new AtomicReference<>("");
        try (StubServer lists = StubServer.http().answering(request -> Answer.of(200, String.valueOf(list.get())))) {
            PrivateAuthority strict = other("revoked");
            SSLContext revoked = strict.server(HOST, "crl=uri:http://127.0.0.1:" + lists.port() + "/ca.crl");
            list.set(strict.revocationOf(HOST));
            StoreFile trust = file(strict.storeFile("ca"));
            try (StubServer server = StubServer.https(revoked)) {
                for (Revocation revocation : new Revocation[] {Revocation.CHECKED, Revocation.CHECKED_IF_KNOWN}) {
                    assertThatThrownBy(() -> status(server, new TlsSettings.Stores(trust, null, revocation)))
                            .as(revocation.name())
                            .isInstanceOf(SSLHandshakeException.class);
                }
                assertThat(server.requests()).isEmpty();
                assertThat(lists.requests()).isNotEmpty();
                assertThat(status(server, new TlsSettings.Stores(trust, null, Revocation.IGNORED)))
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void takesAnUnknownRevocationOnlyWhereTheDataSourceDoes() throws Exception {
        PrivateAuthority silent = other("unknown");
        StoreFile trust = file(silent.storeFile("ca"));
        try (StubServer server = StubServer.https(silent.server(HOST))) {
            assertThatThrownBy(() -> status(server, new TlsSettings.Stores(trust, null, Revocation.CHECKED)))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThat(status(server, new TlsSettings.Stores(trust, null, Revocation.CHECKED_IF_KNOWN)))
                    .isEqualTo(200);
        }
    }

    @Test
    void showsTheClientCertificateOfTheDataSource() throws Exception {
        PrivateAuthority mutual = other("mutual");
        StoreFile trust = file(mutual.storeFile("ca"));
        try (StubServer server = StubServer.mutualTls(mutual.server(HOST))) {
            assertThatThrownBy(() -> status(server, new TlsSettings.Stores(trust, null, Revocation.IGNORED)))
                    .isInstanceOf(IOException.class);
            assertThat(status(
                            server,
                            new TlsSettings.Stores(trust, file(mutual.storeFile("client")), Revocation.IGNORED)))
                    .isEqualTo(200);
        }
    }

    @Test
    void fallsBackToNothingWhereAStoreCannotBeRead() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.p12"), "no key store");
        try (StubServer server = StubServer.https(authority.server("ip:127.0.0.1,dns:broken"))) {
            for (Path path : new Path[] {broken, folder.resolve("missing.p12")}) {
                assertThatThrownBy(() -> status(server, new TlsSettings.Stores(file(path), null, Revocation.IGNORED)))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(SSLException.class);
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void verifiesNothingOnlyAtTheHostOfAJdbcUrlThatSaysSo() throws Exception {
        try (StubServer server = StubServer.https(other("unknown to all").server("dns:elsewhere"))) {
            Targets target = Targets.of("127.0.0.1:" + server.port()).tls(new TlsSettings.Unverified());
            assertThat(status(target)).isEqualTo(200);

            assertThatThrownBy(() -> status(target.notFromJdbcUrl())).isInstanceOf(SSLHandshakeException.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void neverPrintsAPassword() {
        assertThat(trusting(folder.resolve("x"), Revocation.CHECKED).toString())
                .doesNotContain(PrivateAuthority.password());
    }
}
