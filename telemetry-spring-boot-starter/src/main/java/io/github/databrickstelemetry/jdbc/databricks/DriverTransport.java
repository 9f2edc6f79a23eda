package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.config.ProxySettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TlsSettings.Revocation;
import io.github.databrickstelemetry.config.TlsSettings.StoreFile;
import io.github.databrickstelemetry.config.TransportSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proxy and TLS settings of a data source, so that the export goes the driver's way and is never looser. Stateless.
 */
final class DriverTransport {

    private DriverTransport() {}

    /** @param driverVersion null when not known */
    static TransportSettings of(DriverParameters parameters, @Nullable String driverVersion) {
        ProxySettings proxy = proxy(parameters);
        TlsSettings tls = tls(parameters, driverVersion);
        return proxy == null && tls == null ? TransportSettings.DIRECT : new TransportSettings(proxy, tls);
    }

    private static @Nullable ProxySettings proxy(DriverParameters parameters) {
        List<String> ignored = ignored(parameters.get("ProxyIgnoreList"));
        String host = parameters.get("ProxyHost");
        int port = parameters.number("ProxyPort", 0);
        // Named beats system, as in the driver. A port that is none makes the driver's own connections fail.
        if (parameters.isOn("UseProxy", false) && host != null && port >= 1 && port <= 65_535) {
            return new ProxySettings(
                    host, port, parameters.get("ProxyUID"), parameters.get("ProxyPwd"), ignored, false);
        }
        if (parameters.isOn("UseSystemProxy", false)) {
            return new ProxySettings(null, 0, null, null, ignored, true);
        }
        return null;
    }

    /** The driver takes commas or bars, and a leading dot for any prefix. */
    private static List<String> ignored(@Nullable String list) {
        List<String> hosts = new ArrayList<>();
        if (list != null) {
            for (String host : list.split("[,|]", -1)) {
                String stripped = host.strip();
                if (!stripped.isEmpty()) {
                    hosts.add(stripped.startsWith(".") ? "*" + stripped : stripped);
                }
            }
        }
        return hosts;
    }

    /**
     * As the driver, which looks at the key store and at revocation only if one of its trust settings differs from the
     * default; else null, for the JVM's own.
     */
    private static @Nullable TlsSettings tls(DriverParameters parameters, @Nullable String driverVersion) {
        // Beats a trust store and all else, in drivers since 3.0. Earlier ones still verify some of it.
        if (parameters.isOn("AllowSelfSignedCerts", false) && DriverVersion.isAtLeast3(driverVersion)) {
            return new TlsSettings.Unverified();
        }
        StoreFile trustStore = store(parameters, "SSLTrustStore");
        boolean checked = parameters.isOn("CheckCertRevocation", true);
        boolean unknownAccepted = parameters.isOn("AcceptUndeterminedRevocation", false);
        boolean systemTrust = parameters.isOn("UseSystemTrustStore", false);
        boolean byDefault = trustStore == null && checked && !unknownAccepted && !systemTrust;
        if (byDefault) {
            return null;
        }
        Revocation known = unknownAccepted ? Revocation.CHECKED_IF_KNOWN : Revocation.CHECKED;
        return new TlsSettings.Stores(
                trustStore, store(parameters, "SSLKeyStore"), checked ? known : Revocation.IGNORED);
    }

    private static @Nullable StoreFile store(DriverParameters parameters, String name) {
        String path = parameters.get(name);
        String type = parameters.get(name + "Type");
        try {
            return path == null
                    ? null
                    : new StoreFile(Path.of(path), type == null ? "JKS" : type, parameters.get(name + "Pwd"));
        } catch (InvalidPathException noPath) {
            // Cannot be read either: the export fails, as the driver does.
            return new StoreFile(Path.of(""), "JKS", null);
        }
    }
}
