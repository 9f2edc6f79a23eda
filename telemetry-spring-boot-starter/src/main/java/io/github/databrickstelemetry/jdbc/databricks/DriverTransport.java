package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TlsSettings.Revocation;
import io.github.databrickstelemetry.config.TlsSettings.StoreFile;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import java.nio.file.InvalidPathException;
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
    static TransportSettings of(DatabricksUrl url, @Nullable String driverVersion) {
        ProxySettings proxy = proxy(url);
        TlsSettings tls = tls(url, driverVersion);
        return proxy == null && tls == null ? TransportSettings.DIRECT : new TransportSettings(proxy, tls);
    }

    private static @Nullable ProxySettings proxy(DatabricksUrl url) {
        String host = url.get("ProxyHost");
        int port = url.number("ProxyPort", 0);
        // Named beats system, as in the driver. A port that is none makes the driver's own connections fail.
        boolean named = url.isOn("UseProxy", false) && host != null && port >= 1 && port <= 65_535;
        if (!named && !url.isOn("UseSystemProxy", false)) {
            return null;
        }
        // The driver takes commas or bars, and a leading dot for any prefix.
        List<String> ignored = Arrays.stream(StringUtils.tokenizeToStringArray(url.get("ProxyIgnoreList"), ",|"))
                .map(name -> name.startsWith(".") ? "*" + name : name)
                .toList();
        return named
                ? new ProxySettings(host, port, url.get("ProxyUID"), url.get("ProxyPwd"), ignored, false)
                : new ProxySettings(null, 0, null, null, ignored, true);
    }

    /**
     * As the driver, which looks at the key store and at revocation only if one of its trust settings differs from the
     * default; else null, for the JVM's own.
     */
    private static @Nullable TlsSettings tls(DatabricksUrl url, @Nullable String driverVersion) {
        // Beats a trust store and all else, in drivers since 3.0. Earlier ones still verify some of it.
        if (url.isOn("AllowSelfSignedCerts", false) && isAtLeast3(driverVersion)) {
            return new TlsSettings.Unverified();
        }
        StoreFile trustStore = store(url, "SSLTrustStore");
        boolean checked = url.isOn("CheckCertRevocation", true);
        boolean unknownAccepted = url.isOn("AcceptUndeterminedRevocation", false);
        boolean systemTrust = url.isOn("UseSystemTrustStore", false);
        boolean byDefault = trustStore == null && checked && !unknownAccepted && !systemTrust;
        if (byDefault) {
            return null;
        }
        Revocation known = unknownAccepted ? Revocation.CHECKED_IF_KNOWN : Revocation.CHECKED;
        return new TlsSettings.Stores(trustStore, store(url, "SSLKeyStore"), checked ? known : Revocation.IGNORED);
    }

    /** Whether it is the driver that Databricks wrote anew; false for an unknown version. */
    private static boolean isAtLeast3(@Nullable String driverVersion) {
        return driverVersion != null && driverVersion.matches("[3-9]\\..*");
    }

    private static @Nullable StoreFile store(DatabricksUrl url, String name) {
        String path = url.get(name);
        String type = url.get(name + "Type");
        try {
            return path == null
                    ? null
                    : new StoreFile(Path.of(path), type == null ? "JKS" : type, url.get(name + "Pwd"));
        } catch (InvalidPathException noPath) {
            // Cannot be read either: the export fails, as the driver does.
            return new StoreFile(Path.of(""), "JKS", null);
        }
    }
}
