package io.github.databrickstelemetry.properties;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.properties.SettingsReader.BundleContext;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

class BundleContextTest {

    private final DefaultSslBundleRegistry bundles =
            new DefaultSslBundleRegistry("workspace", SslBundle.of(SslStoreBundle.NONE));
    private final BundleContext context = new BundleContext(() -> bundles.getBundle("workspace"));

    @Test
    void isMadeOnceForABundle() {
        assertThat(context.get()).isSameAs(context.get());
    }

    @Test
    void isMadeAgainAfterAReload() {
        SSLContext before = context.get();
        bundles.updateBundle("workspace", SslBundle.of(SslStoreBundle.NONE));

        assertThat(context.get()).isNotSameAs(before).isSameAs(context.get());
    }
}
