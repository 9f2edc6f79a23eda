package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.properties.TelemetryProperties;
import io.github.databrickstelemetry.properties.UniformName;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Masks this library's secrets in the actuator's {@code env} and {@code configprops} endpoints, also if these show values:
 * tokens, the proxy's password and additional request headers.
 */
final class SecretProperties implements SanitizingFunction {

    private static final String PREFIX = UniformName.of(TelemetryProperties.PREFIX);

    @Override
    public SanitizableData apply(SanitizableData data) {
        return isSecret(UniformName.of(data.getKey())) ? data.withSanitizedValue() : data;
    }

    private static boolean isSecret(String key) {
        return key.startsWith(PREFIX)
                && (key.endsWith("token") || key.endsWith("proxypassword") || key.contains("exportheaders"));
    }
}
