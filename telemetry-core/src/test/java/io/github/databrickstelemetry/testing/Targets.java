package io.github.databrickstelemetry.testing;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.config.ExportSettings.HttpSettings;
import io.github.databrickstelemetry.config.ExportSettings.RetrySettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Targets on loopback, with timeouts that suit tests, to be changed step by step. */
public final class Targets {

    private final WorkspaceHost host;
    private boolean authenticated = true;
    private boolean fromJdbcUrl = true;
    private CredentialSource credentials = token("a", "Bearer secret-a");
    private TransportSettings transport = TransportSettings.DIRECT;
    private @Nullable String orgId = "4711";
    private int maxRetries = 0;
    private Duration readTimeout = Duration.ofSeconds(20);
    private Duration connectTimeout = Duration.ofSeconds(20);
    private int maxRequestSize = 1 << 20;
    private boolean gzip;
    private Map<String, String> headers = Map.of();
    private List<String> paths = List.of("/api/2.0/sql/telemetry-ext", "/telemetry-ext");
    private boolean allowPrivate = true;
    private boolean allowHttp = true;
    private FeatureFlagSettings flag = FeatureFlagSettings.DEFAULTS;

    private Targets(WorkspaceHost host) {
        this.host = host;
    }

    public static Targets http(int port) {
        return new Targets(WorkspaceHost.parse("http://127.0.0.1:" + port));
    }

    public static Targets of(String host) {
        return new Targets(WorkspaceHost.parse(host));
    }

    /** Credentials that never change. */
    public static CredentialSource token(String identity, @Nullable String authorization) {
        return new CredentialSource() {
            @Override
            public String identity() {
                return identity;
            }

            @Override
            public @Nullable String authorization() {
                return authorization;
            }
        };
    }

    public Targets credentials(CredentialSource value) {
        credentials = value;
        return this;
    }

    public Targets unauthenticated() {
        authenticated = false;
        paths = List.of("/api/2.0/sql/telemetry-unauth", "/telemetry-unauth");
        return this;
    }

    public Targets notFromJdbcUrl() {
        fromJdbcUrl = false;
        return this;
    }

    public Targets transport(TransportSettings value) {
        transport = value;
        return this;
    }

    /** Uses a context that never changes. */
    public Targets trusting(SSLContext context) {
        return tls(new TlsSettings.Supplied(() -> context));
    }

    public Targets tls(TlsSettings value) {
        transport = new TransportSettings(transport.proxy(), value);
        return this;
    }

    public Targets orgId(@Nullable String value) {
        orgId = value;
        return this;
    }

    public Targets retries(int value) {
        maxRetries = value;
        return this;
    }

    public Targets readTimeout(Duration value) {
        readTimeout = value;
        return this;
    }

    public Targets connectTimeout(Duration value) {
        connectTimeout = value;
        return this;
    }

    public Targets maxRequestSize(int value) {
        maxRequestSize = value;
        return this;
    }

    public Targets gzip() {
        gzip = true;
        return this;
    }

    public Targets headers(Map<String, String> value) {
        headers = value;
        return this;
    }

    public Targets paths(String... value) {
        paths = List.of(value);
        return this;
    }

    public Targets refusePrivateHosts() {
        allowPrivate = false;
        return this;
    }

    public Targets refuseHttp() {
        allowHttp = false;
        return this;
    }

    public Targets flag(FeatureFlagSettings value) {
        flag = value;
        return this;
    }

    public TelemetryTarget build() {
        ExportSettings export = new ExportSettings(
                true,
                ExportLevel.DEBUG,
                new RetrySettings(maxRetries, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(30)),
                new HttpSettings(connectTimeout, readTimeout, headers, null, allowPrivate, allowHttp),
                paths,
                paths,
                maxRequestSize,
                gzip);
        ClientSettings settings = new ClientSettings(
                authenticated,
                100,
                Duration.ofSeconds(5),
                10_000,
                5_000,
                50,
                Duration.ofHours(1),
                ErrorDetail.NAME,
                export,
                CircuitBreakerSettings.DEFAULTS,
                flag);
        return new TelemetryTarget(host, fromJdbcUrl, credentials, transport, 1234567890123456L, orgId, settings);
    }
}
