package io.github.databrickstelemetry.properties;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/** The SSL context of a bundle. It is made again when the bundle has been reloaded. Thread-safe. */
final class BundleContext implements Supplier<SSLContext> {

    private final Supplier<SslBundle> current;
    private @Nullable SslBundle bundle;
    private @Nullable SSLContext context;

    /** @param current the bundle as it is now; another object after a reload */
    BundleContext(Supplier<SslBundle> current) {
        this.current = current;
    }

    @Override
    public synchronized SSLContext get() {
        SslBundle now = current.get();
        SSLContext made = context;
        if (made == null || now != bundle) {
            made = now.createSslContext();
            context = made;
            bundle = now;
        }
        return made;
    }
}
