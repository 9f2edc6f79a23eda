package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.config.ProxySettings;
import io.github.databrickstelemetry.config.TransportSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands between the data source and its workspace, so that the export can go the same way. Stateless.
 *
 * <p>{@code UseSystemTrustStore} and a data source without any setting both mean the JVM's own trust.
 * {@code AllowSelfSignedCerts}, which makes the driver trust everybody, is not followed: the export then fails, and
 * sends its token to nobody.
 */
final class DriverTransport {

    private static final Logger LOGGER = LoggerFactory.getLogger(DriverTransport.class);

    private DriverTransport() {}

    static TransportSettings of(DriverParameters parameters) {
        ProxySettings proxy = proxy(parameters);
        SSLContext trust = trust(parameters);
        return proxy == null && trust == null ? TransportSettings.DIRECT : new TransportSettings(proxy, trust);
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

    private static @Nullable SSLContext trust(DriverParameters parameters) {
        String path = parameters.get("SSLTrustStore");
        if (path == null) {
            return null;
        }
        try {
            String type = parameters.get("SSLTrustStoreType");
            KeyStore store = KeyStore.getInstance(type == null ? "JKS" : type);
            String password = parameters.get("SSLTrustStorePwd");
            try (InputStream in = Files.newInputStream(Path.of(path))) {
                store.load(in, password == null ? null : password.toCharArray());
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException | RuntimeException unreadable) {
            // The JVM's own trust is the narrower one: at worst the handshake fails.
            LOGGER.debug(
                    "The trust store of a data source could not be read: {}",
                    unreadable.getClass().getName());
            return null;
        }
    }
}
