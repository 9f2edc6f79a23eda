package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TlsSettings.Revocation;
import io.github.databrickstelemetry.config.TlsSettings.StoreFile;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

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
        String host = parameters.get("ProxyHost");
        int port = parameters.number("ProxyPort", 0);
        // Named beats system, as in the driver. A port that is none makes the driver's own connections fail.
        boolean named = parameters.isOn("UseProxy", false) && host != null && port >= 1 && port <= 65_535;
        if (!named && !parameters.isOn("UseSystemProxy", false)) {
            return null;
        }
        // The driver takes commas or bars, and a leading dot for any prefix.
        List<String> ignored = Arrays.stream(StringUtils.tokenizeToStringArray(parameters.get("ProxyIgnoreList"), ",|"))
                .map(name -> name.startsWith(".") ? "*" + name : name)
                .toList();
        return named
                ? new ProxySettings(host, port, parameters.get("ProxyUID"), parameters.get("ProxyPwd"), ignored, false)
                : new ProxySettings(null, 0, null, null, ignored, true);
    }

    /**
     * As the driver, which looks at the key store and at revocation only if one of its trust settings differs from the
     * default; else null, for the JVM's own.
     */
    private static @Nullable TlsSettings tls(DriverParameters parameters, @Nullable String driverVersion) {
        // Beats a trust store and all else, in drivers since 3.0. Earlier ones still verify some of it.
        if (parameters.isOn("AllowSelfSignedCerts", false) && isAtLeast3(driverVersion)) {
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

    /** Whether it is the driver that Databricks wrote anew; false for an unknown version. */
    private static boolean isAtLeast3(@Nullable String driverVersion) {
        return driverVersion != null && driverVersion.matches("[3-9]\\..*");
    }

    private static @Nullable StoreFile store(DriverParameters parameters, String name) {
        String path = parameters.get(name);
        String type = parameters.get(name + "Type");
        return path == null
                ? null
                : new StoreFile(Path.of(path), type == null ? "JKS" : type, parameters.get(name + "Pwd"));
    }
}
