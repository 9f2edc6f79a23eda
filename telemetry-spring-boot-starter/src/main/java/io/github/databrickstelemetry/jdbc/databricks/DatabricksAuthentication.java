package io.github.databrickstelemetry.jdbc.databricks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a data source proves who it is, as far as telemetry can do the same. Immutable; prints no secret.
 *
 * @param type in the words of Databricks' unified authentication, for example {@code pat}
 * @param clientId the service principal whose tokens have to be requested; null for a token that is there
 * @param secret the token or the principal's secret; null where telemetry can use none: a browser, a managed identity, a
 *     refresh token, a private key, a principal of Azure, or nothing at all
 */
record DatabricksAuthentication(
        String type, @Nullable String clientId, @Nullable String secret) {

    /** What may stand in a header; anything else would be a way to smuggle further headers. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    static DatabricksAuthentication of(DatabricksUrl url) {
        if (url.number("AuthMech", 3) != 11) {
            return token(url.get("PWD", "password"));
        }
        return switch (url.number("Auth_Flow", 0)) {
            // A refresh token beats an access token in the driver, and is nothing that telemetry could share.
            case 0 ->
                url.get("Auth_RefreshToken", "OAuthRefreshToken") == null
                        ? token(url.get("Auth_AccessToken"))
                        : outOfReach("oauth-refresh");
            case 1 -> servicePrincipal(url);
            case 2 -> outOfReach("external-browser");
            case 3 -> outOfReach("azure-msi");
            default -> outOfReach("unknown");
        };
    }

    /** The driver calls an OAuth access token {@code pat} as well. */
    private static DatabricksAuthentication token(@Nullable String token) {
        boolean usable = token != null && TOKEN.matcher(token).matches();
        return new DatabricksAuthentication("pat", null, usable ? token : null);
    }

    private static DatabricksAuthentication servicePrincipal(DatabricksUrl url) {
        if (url.get("AzureTenantId") != null) {
            return outOfReach("azure-client-secret");
        }
        String clientId = url.get("OAuth2ClientId", "UID", "user");
        String secret = url.get("OAuth2Secret", "PWD", "password");
        boolean otherProof =
                url.isOn("UseJWTAssertion", false) || url.get("GoogleServiceAccount", "GoogleCredentialsFile") != null;
        return otherProof || clientId == null || secret == null || clientId.equals("token")
                ? outOfReach("oauth-m2m")
                : new DatabricksAuthentication("oauth-m2m", clientId, secret);
    }

    private static DatabricksAuthentication outOfReach(String type) {
        return new DatabricksAuthentication(type, null, null);
    }

    /**
     * Names the principal, so that its data sources are one client to the engine: by its client id, or by a keyed hash of
     * the token, which cannot be recognised or guessed by it.
     */
    String identity() {
        return clientId == null ? "token-" + fingerprint(secret == null ? "" : secret) : type + "-" + clientId;
    }

    private static String fingerprint(String token) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(Key.OF_THIS_PROCESS);
            byte[] digest = mac.doFinal(token.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (GeneralSecurityException impossible) {
            // Every Java platform has HmacSHA256.
            throw new IllegalStateException(impossible);
        }
    }

    /** Made with its first use, because the start of an application should not wait for the JDK's cryptography. */
    private static final class Key {
        static final SecretKeySpec OF_THIS_PROCESS =
                new SecretKeySpec(UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII), "HmacSHA256");
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "DatabricksAuthentication[type=" + type + ", clientId=" + clientId + "]";
    }
}
