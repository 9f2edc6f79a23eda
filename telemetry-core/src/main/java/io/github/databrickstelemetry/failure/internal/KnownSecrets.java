package io.github.databrickstelemetry.failure.internal;

/**
 * Secrets that are known by their look, wherever they stand. Each method says where the secret that begins at a position
 * ends, or -1 if none does, and looks no farther than that or than a fixed bound.
 */
final class KnownSecrets {

    /** How far a slash in a password is followed, and how far a digit in a token is looked for. */
    private static final int MAX_LOOK = 256;

    private static final int MAX_LOOK_IN_TOKEN = 48;
    private static final int MIN_TOKEN_AFTER_PREFIX = 6;
    private static final int MIN_HEX_INSIDE_WORD = 16;
    private static final int MIN_JWT = 11;

    private static final String[] TOKEN_PREFIXES = {"dapi", "dose", "dkea", "dskea", "dsapi"};

    private KnownSecrets() {}

    /** A personal access token, an OAuth secret, or another of Databricks' prefixed tokens. */
    static int endOfDatabricksToken(String text, int from) {
        for (String prefix : TOKEN_PREFIXES) {
            if (Ascii.startsWith(text, from, prefix)) {
                int body = from + prefix.length();
                boolean token = Ascii.startsWord(text, from)
                        ? looksLikeToken(text, body, prefix.equals("dose"))
                        : isHex(text, body, MIN_HEX_INSIDE_WORD);
                return token ? Ascii.endOfWord(text, body, text.length()) : -1;
            }
        }
        return -1;
    }

    /** "dose" begins English words too: there, a digit makes the difference. */
    private static boolean looksLikeToken(String text, int body, boolean digitNeeded) {
        int end = Ascii.endOfWord(text, body, Math.min(text.length(), body + MAX_LOOK_IN_TOKEN));
        boolean digit = !digitNeeded;
        for (int i = body; i < end && !digit; i++) {
            digit = Ascii.isDigit(text.charAt(i));
        }
        return digit && end - body >= MIN_TOKEN_AFTER_PREFIX;
    }

    private static boolean isHex(String text, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (i >= text.length() || !Ascii.isHex(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Any base64 that begins like a JSON object, so that a JWT cut short is recognised as well. */
    static int endOfJwt(String text, int from) {
        if (!text.startsWith("eyJ", from)) {
            return -1;
        }
        int end = Ascii.endOfToken68(text, from);
        return end - from >= MIN_JWT ? end : -1;
    }

    /** A key or certificate in PEM form; cut short, it runs to the end of the text. */
    static int endOfPem(String text, int from) {
        if (!text.startsWith("-----BEGIN ", from)) {
            return -1;
        }
        int end = text.indexOf("-----END", from);
        return end < 0 ? text.length() : end;
    }

    /** User and password in a URL, {@code from} being behind the two slashes. */
    static int endOfUserInfo(String text, int from) {
        int at = -1;
        int colon = -1;
        int end = from;
        while (end < text.length() && !isEndOfAuthority(text.charAt(end))) {
            at = text.charAt(end) == '@' ? end : at;
            colon = text.charAt(end) == ':' ? end : colon;
            end++;
        }
        if (at < 0 && colon >= 0 && colon + 1 < end && !Ascii.isDigit(text.charAt(colon + 1))) {
            // What follows is no port: a password with a slash in it.
            int limit = Math.min(text.length(), end + MAX_LOOK);
            for (int i = end; i < limit && !Ascii.isBlank(text.charAt(i)); i++) {
                at = text.charAt(i) == '@' ? i : at;
            }
        }
        return at;
    }

    private static boolean isEndOfAuthority(char c) {
        return c == '/' || c == '?' || c == '#' || c == '<' || c == '>' || Ascii.isQuote(c) || Ascii.isBlank(c);
    }
}
