package io.github.databrickstelemetry.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How every request to a workspace is made, those for the feature flag included.
 *
 * @param connectTimeout for opening the connection; the TLS handshake counts to the read timeout
 * @param readTimeout for one whole request and its response
 * @param headers additional request headers; an {@code Authorization} among them never replaces the credentials
 * @param userAgentEntry appended to the user agent, or null
 * @param allowPrivateHosts whether requests to loopback, link-local and private addresses are allowed (tests, the sample)
 * @param allowHttp whether plain HTTP is allowed for a host that is written with {@code http://}
 */
public record HttpSettings(
        Duration connectTimeout,
        Duration readTimeout,
        Map<String, String> headers,
        @Nullable String userAgentEntry,
        boolean allowPrivateHosts,
        boolean allowHttp) {

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e\\t]{0,4096}");

    /** Two seconds to connect, ten for a request, no header, public hosts over HTTPS only. */
    public static final HttpSettings DEFAULTS =
            new HttpSettings(Duration.ofSeconds(2), Duration.ofSeconds(10), Map.of(), null, false, false);

    public HttpSettings {
        Check.inRange("export.connect-timeout", connectTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
        Check.inRange("export.read-timeout", readTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
        headers = Map.copyOf(headers);
        headers.forEach(HttpSettings::checkHeader);
        if (userAgentEntry != null && !HEADER_VALUE.matcher(userAgentEntry).matches()) {
            throw new InvalidSettingException("export.user-agent-entry", "not shown", "printable ASCII");
        }
    }

    private static void checkHeader(String name, String value) {
        if (!HEADER_NAME.matcher(name).matches()) {
            throw new InvalidSettingException("export.headers", name, "named by an HTTP token");
        }
        if (!HEADER_VALUE.matcher(value).matches()) {
            // The value may be a secret: it is not shown.
            throw new InvalidSettingException(
                    "export.headers." + name.toLowerCase(Locale.ROOT), "not shown", "printable ASCII on one line");
        }
    }

    /** Header values may be secrets, so they are left out. */
    @Override
    public String toString() {
        return "HttpSettings[connectTimeout=" + connectTimeout + ", readTimeout=" + readTimeout + ", headers="
                + headers.keySet() + "]";
    }
}
