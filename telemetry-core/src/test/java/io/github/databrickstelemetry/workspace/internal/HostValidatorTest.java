package io.github.databrickstelemetry.workspace.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostValidatorTest {

    private static final HostValidator NEVER_RESOLVES = new HostValidator(host -> {
        throw new AssertionError("asked for " + host);
    });

    private static @Nullable HostRefusal check(String host) {
        return NEVER_RESOLVES.check(WorkspaceHost.parse(host), false, false);
    }

    private static HostValidator resolving(String name, String... addresses) {
        return new HostValidator(host -> {
            String[] known = Map.of(name, addresses).get(host);
            if (known == null) {
                throw new UnknownHostException("unknown");
            }
            InetAddress[] found = new InetAddress[known.length];
            for (int i = 0; i < known.length; i++) {
                found[i] = InetAddress.getByName(known[i]);
            }
            return found;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,LOOPBACK",
        "LOCALHOST.,LOOPBACK",
        "a.localhost,LOOPBACK",
        "127.0.0.1,LOOPBACK",
        "127.255.255.254:8443,LOOPBACK",
        "[::1],LOOPBACK",
        "[::ffff:127.0.0.1],LOOPBACK",
        "[::127.0.0.1],LOOPBACK",
        "[64:ff9b::7f00:1],LOOPBACK",
        "[2002:7f00:1::],LOOPBACK",
        "169.254.1.1,LINK_LOCAL",
        "[fe80::1],LINK_LOCAL",
        "[febf::1],LINK_LOCAL",
        "169.254.169.254,METADATA",
        "[::ffff:169.254.169.254],METADATA",
        "[64:ff9b::a9fe:a9fe],METADATA",
        "[fd00:ec2::254],METADATA",
        "100.100.100.200,METADATA",
        "168.63.129.16,METADATA",
        "metadata.google.internal,METADATA",
        "10.0.0.1,PRIVATE",
        "172.16.0.1,PRIVATE",
        "172.31.255.255,PRIVATE",
        "192.168.1.1,PRIVATE",
        "100.64.0.1,PRIVATE",
        "[fc00::1],PRIVATE",
        "[fdff::1],PRIVATE",
        "[fec0::1],PRIVATE",
        "[2002:c0a8:0101::],PRIVATE",
        "0.0.0.0,RESERVED",
        "[::],RESERVED",
        "224.0.0.1,RESERVED",
        "255.255.255.255,RESERVED",
        "198.18.0.1,RESERVED",
        "[ff02::1],RESERVED",
        "[2001:db8::1],RESERVED",
    })
    void refusesAddressesOfOwnNetworks(String host, HostRefusal refusal) {
        assertThat(check(host)).isEqualTo(refusal);
        assertThat(NEVER_RESOLVES.check(WorkspaceHost.parse(host), true, false))
                .as("unless private hosts are allowed")
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adb-1.azuredatabricks.net",
                "dbc-1.cloud.databricks.com",
                "localhost.example.com",
                "8.8.8.8",
                "172.15.255.255",
                "172.32.0.1",
                "100.128.0.1",
                "11.0.0.1",
                "[2606:4700::1111]",
                "[64:ff9b::808:808]",
                "[::ffff:8.8.8.8]"
            })
    void acceptsPublicHosts(String host) {
        assertThat(check(host)).isNull();
    }

    @Test
    void refusesPlainHttpUnlessAllowed() {
        WorkspaceHost plain = WorkspaceHost.parse("http://dbc-1.cloud.databricks.com");

        assertThat(NEVER_RESOLVES.check(plain, true, false)).isEqualTo(HostRefusal.PLAIN_HTTP);
        assertThat(NEVER_RESOLVES.check(plain, false, true)).isNull();
        assertThat(NEVER_RESOLVES.check(WorkspaceHost.parse("http://127.0.0.1"), false, true))
                .isEqualTo(HostRefusal.LOOPBACK);
    }

    @Test
    void refusesAPublicNameThatResolvesToAPrivateAddress() throws Exception {
        HostValidator validator = resolving("evil.example.com", "8.8.8.8", "10.0.0.1");
        WorkspaceHost host = WorkspaceHost.parse("evil.example.com");

        assertThat(validator.check(host, false, false)).isNull();
        assertThatThrownBy(() -> validator.resolve(host, false))
                .isInstanceOfSatisfying(
                        HostRefusedException.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(HostRefusal.PRIVATE));
        assertThat(validator.resolve(host, true)).hasSize(2);
    }

    @Test
    void acceptsANameThatResolvesToPublicAddresses() throws Exception {
        HostValidator validator = resolving("good.example.com", "8.8.8.8", "2606:4700::1111");

        assertThat(validator.resolve(WorkspaceHost.parse("good.example.com"), false))
                .hasSize(2);
    }

    @Test
    void saysWhenANameDoesNotResolve() {
        assertThatThrownBy(
                        () -> resolving("good.example.com").resolve(WorkspaceHost.parse("unknown.example.com"), false))
                .isInstanceOf(UnknownHostException.class);
    }
}
