package io.github.databrickstelemetry.failure.internal;

/** Characters as secrets and paths see them: ASCII only, so that no locale and no Unicode folding plays a part. */
final class Ascii {

    private Ascii() {}

    static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAlphanumeric(char c) {
        char lower = lower(c);
        return isDigit(c) || (lower >= 'a' && lower <= 'z');
    }

    static boolean isHex(char c) {
        char lower = lower(c);
        return isDigit(c) || (lower >= 'a' && lower <= 'f');
    }

    /** The alphabet of base64url, and so of tokens. */
    static boolean isWord(char c) {
        return isAlphanumeric(c) || c == '_' || c == '-';
    }

    /** The characters of credentials in a header (RFC 7235, token68). */
    static boolean isToken68(char c) {
        return isWord(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
    }

    static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    static boolean isBlank(char c) {
        return c <= ' ' || Character.isWhitespace(c) || c == '\u00a0';
    }

    /** Whether {@code text} has {@code word}, which is in lower case, at {@code from}, in whatever case. */
    static boolean startsWith(String text, int from, String word) {
        if (from < 0 || from + word.length() > text.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (lower(text.charAt(from + i)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether no letter or digit stands before this position. */
    static boolean startsWord(String text, int at) {
        return at == 0 || !isAlphanumeric(text.charAt(at - 1));
    }

    /** Where a run of one character ends; {@code from} if there is none. */
    static int endOfRun(String text, int from, char c) {
        int i = from;
        while (i < text.length() && text.charAt(i) == c) {
            i++;
        }
        return i;
    }

    static int endOfWord(String text, int from, int limit) {
        int i = from;
        while (i < limit && isWord(text.charAt(i))) {
            i++;
        }
        return i;
    }

    static int endOfToken68(String text, int from) {
        int i = from;
        while (i < text.length() && isToken68(text.charAt(i))) {
            i++;
        }
        return i;
    }
}
