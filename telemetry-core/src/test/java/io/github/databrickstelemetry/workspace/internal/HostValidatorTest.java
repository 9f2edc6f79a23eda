package io.github.databrickstelemetry.workspace.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.HostValidator.HostRefusedException;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp.Resolver;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostValidatorTest {

    private static boolean isRefused(String host) {
        return HostValidator.isRefused(strict(host));
    }

    private static TelemetryTarget strict(String host) {
        return Targets.of(host).refusePrivateHosts().notFromJdbcUrl().build();
    }

    private static Resolver resolving(String name, String... addresses) {
        return host -> {
            String[] known = Map.of(name, addresses).get(host);
            if (known == null) {
                throw new UnknownHostException("unknown");
            }
            InetAddress[] found = new InetAddress[known.length];
            for (int i = 0; i < known.length; i++) {
                found[i] = InetAddress.getByName(known[i]);
            }
            return found;
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST.",
                "a.localhost",
                "127.0.0.1",
                "127.255.255.254:8443",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "169.254.1.1",
                "[fe80::1]",
                "[febf::1]",
                "169.254.169.254",
                "[::ffff:169.254.169.254]",
                "[64:ff9b::a9fe:a9fe]",
                "[fd00:ec2::254]",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                "169.254.170.2",
                "metadata.google.internal",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "[fc00::1]",
                "[fdff::1]",
                "[fec0::1]",
                "[2002:c0a8:0101::]",
                "[2001:0:808:808::1]",
                "[::ffff:0:10.0.0.1]",
                "0.0.0.0",
                "[::]",
                "224.0.0.1",
                "255.255.255.255",
                "198.18.0.1",
                "[ff02::1]",
                "[2001:db8::1]"
            })
    void refusesAddressesOfOwnNetworks(String host) {
        assertThat(isRefused(host)).isTrue();
        assertThat(HostValidator.isRefused(Targets.of(host).build()))
                .as("unless private hosts are allowed")
                .isFalse();
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
        assertThat(isRefused(host)).isFalse();
    }

    @Test
    void refusesPlainHttpUnlessAllowed() {
        Targets plain = Targets.of("http://dbc-1.cloud.databricks.com");

        assertThat(HostValidator.isRefused(plain.build())).isFalse();
        assertThat(HostValidator.isRefused(plain.refuseHttp().build())).isTrue();
        assertThat(isRefused("http://127.0.0.1")).isTrue();
    }

    @Test
    void refusesAPublicNameThatResolvesToAPrivateAddress() throws Exception {
        Resolver resolver = resolving("evil.example.com", "8.8.8.8", "10.0.0.1");

        assertThat(isRefused("evil.example.com")).isFalse();
        assertThatThrownBy(() -> HostValidator.resolve(strict("evil.example.com"), resolver))
                .isInstanceOf(HostRefusedException.class);
        assertThat(HostValidator.resolve(
                        Targets.of("evil.example.com").notFromJdbcUrl().build(), resolver))
                .hasSize(2);
        assertThat(HostValidator.resolve(
                        Targets.of("evil.example.com").refusePrivateHosts().build(), resolver))
                .as("a host of a JDBC URL, which the driver connects to anyway")
                .hasSize(2);
    }

    @Test
    void acceptsANameThatResolvesToPublicAddresses() throws Exception {
        Resolver resolver = resolving("good.example.com", "8.8.8.8", "2606:4700::1111");

        assertThat(HostValidator.resolve(strict("good.example.com"), resolver)).hasSize(2);
    }

    @Test
    void refusesAnIpv4AddressThatARecordOfIpv6Hides() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        Resolver resolver = host -> new InetAddress[] {Inet6Address.getByAddress(host, mapped, -1)};

        assertThatThrownBy(() -> HostValidator.resolve(strict("evil.example.com"), resolver))
                .isInstanceOf(HostRefusedException.class);
    }

    @Test
    void saysWhenANameDoesNotResolve() {
        assertThatThrownBy(() -> HostValidator.resolve(strict("unknown.example.com"), resolving("good.example.com")))
                .isInstanceOf(UnknownHostException.class);
    }
}
