package io.github.databrickstelemetry.failure.internal;

/**
 * Which names of properties, JSON fields, form fields and headers stand for a secret. Judges by parts of the name, so
 * that {@code OAuth2Secret}, {@code client_secret} and {@code proxypwd} need no list. Too many are harmless: the price is
 * a hidden word in an error message.
 */
final class SecretNames {

    static final int MIN_LENGTH = 3;

    /** Longer names are judged by their end. */
    static final int MAX_LENGTH = 96;

    private static final String[] PARTS = {
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "secret",
        "token",
        "credential",
        "authorization",
        "cookie",
        "apikey",
        "accesskey",
        "privatekey",
        "signature",
        "assertion",
        "httpheader"
    };

    /** Names whose values run to the end of the line: they hold blanks and commas. */
    private static final String[] HEADERS = {"authorization", "cookie", "httpheader"};

    private SecretNames() {}

    /** Brings a name into the form that the other methods expect: lower case, letters and digits only. */
    static String normalise(String text, int from, int to) {
        StringBuilder name = new StringBuilder(Math.min(to - from, MAX_LENGTH));
        for (int i = Math.max(from, to - MAX_LENGTH); i < to; i++) {
            char c = text.charAt(i);
            if (Ascii.isAlphanumeric(c)) {
                name.append(Ascii.lower(c));
            }
        }
        return name.toString();
    }

    static boolean isSecret(String name) {
        return containsAny(name, PARTS)
                || name.endsWith("pwd")
                || name.endsWith("jwt")
                || name.equals("sig")
                || name.equals("pass")
                || name.equals("pat");
    }

    static boolean isHeader(String name) {
        return containsAny(name, HEADERS);
    }

    private static boolean containsAny(String name, String[] parts) {
        for (String part : parts) {
            if (name.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
