package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.workspace.CredentialSource;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A token that is written in a JDBC URL or in properties. Immutable. Two data sources with one token are one principal,
 * so the identity is made from the token: through a one-way function with a key that never leaves this process, so that
 * the token cannot be recognised or guessed by it. It is made with its first use, because the start of an application
 * should not wait for the JDK's cryptography.
 */
final class TokenCredentials implements CredentialSource {

    /** What may stand in a header; anything else would be a way to smuggle further headers. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    private static final class Key {
        static final SecretKeySpec OF_THIS_PROCESS = newKey();
    }

    private final String token;
    private volatile @Nullable String identity;

    private TokenCredentials(String token) {
        this.token = token;
    }

    /** Credentials of this token, or null when it is none. */
    static @Nullable CredentialSource of(@Nullable String token) {
        return token == null || !TOKEN.matcher(token).matches() ? null : new TokenCredentials(token);
    }

    private static SecretKeySpec newKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new SecretKeySpec(key, "HmacSHA256");
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

    @Override
    public String identity() {
        String known = identity;
        if (known == null) {
            known = "token-" + fingerprint(token);
            identity = known;
        }
        return known;
    }

    @Override
    public String authorization() {
        return "Bearer " + token;
    }

    /** The identity only. */
    @Override
    public String toString() {
        return identity();
    }
}
