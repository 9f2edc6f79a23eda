package io.github.databrickstelemetry.failure.internal;

/**
 * One pass over one text. Used once, by one thread.
 *
 * <p>The position only moves forward, every look ahead is either consumed or ends where the next one begins, and every
 * other look has a fixed bound: so the time is linear in the text's length. Regular expressions are avoided because they
 * give no such promise.
 */
final class RedactingScanner {

    private static final String[] AUTH_SCHEMES = {"bearer", "basic", "digest", "negotiate", "token"};

    private final String text;
    private final int length;
    private final StringBuilder out;

    /** Up to here the text has been copied or replaced. */
    private int copied;

    private int position;

    /** Inside a JDBC URL a value may hold blanks: it runs to the semicolon, or to the end of the line. */
    private boolean insideJdbcUrl;

    RedactingScanner(String text) {
        this.text = text;
        this.length = text.length();
        this.out = new StringBuilder(length);
    }

    String scan() {
        while (position < length) {
            int before = position;
            look(text.charAt(position));
            if (position == before) {
                position++;
            }
        }
        return copied == 0 ? text : out.append(text, copied, length).toString();
    }

    private void look(char c) {
        switch (c) {
            case '=', ':' -> separator(position + 1);
            case '%' -> percent();
            case '/', '\\' -> path();
            case '-' -> replaceTo(KnownSecrets.endOfPem(text, position));
            case 'b', 'B' -> authScheme();
            case 'd', 'D' -> replaceTo(KnownSecrets.endOfDatabricksToken(text, position));
            case 'e' -> replaceTo(KnownSecrets.endOfJwt(text, position));
            case 'j', 'J' -> insideJdbcUrl |= Ascii.startsWith(text, position, "jdbc:");
            case '\n' -> insideJdbcUrl = false;
            default -> {
                // Nothing begins with any other character.
            }
        }
    }

    private void percent() {
        if (Ascii.startsWith(text, position, "%3d") || Ascii.startsWith(text, position, "%3a")) {
            separator(position + 3);
        }
    }

    private void separator(int after) {
        String name = nameBefore(position);
        if (SecretNames.isSecret(name)) {
            value(after, SecretNames.isHeader(name));
        } else if (text.startsWith("://", position)) {
            int userInfo = position + 3;
            replace(userInfo, Math.max(userInfo, KnownSecrets.endOfUserInfo(text, userInfo)));
        }
    }

    private String nameBefore(int separator) {
        int end = separator;
        while (end > 0 && isBetweenNameAndSeparator(text.charAt(end - 1))) {
            end--;
        }
        int start = end;
        int limit = Math.max(0, end - SecretNames.MAX_LENGTH);
        while (start > limit && isNamePart(text.charAt(start - 1))) {
            start--;
        }
        return end - start < SecretNames.MIN_LENGTH ? "" : SecretNames.normalise(text, start, end);
    }

    private void value(int from, boolean header) {
        int start = from;
        while (start < length && isBetweenSeparatorAndValue(text.charAt(start))) {
            start++;
        }
        int quote = Ascii.endOfRun(text, start, '\\');
        if (quote < length && Ascii.isQuote(text.charAt(quote))) {
            replace(quote + 1, endOfQuoted(quote + 1, text.charAt(quote), quote - start));
        } else if (header || insideJdbcUrl) {
            replace(start, endOfLine(start));
        } else {
            replace(start, endOfValue(start));
        }
    }

    /** A quote ends the value unless it is escaped one level deeper than the quote that began it. */
    private int endOfQuoted(int from, char quote, int backslashes) {
        int i = from;
        while (i < length) {
            int run = Ascii.endOfRun(text, i, '\\') - i;
            i += run;
            if (i < length && text.charAt(i) == quote && (backslashes == 0 ? run % 2 == 0 : run <= backslashes)) {
                return backslashes == 0 ? i : i - run;
            }
            i++;
        }
        return length;
    }

    private int endOfLine(int from) {
        int i = from;
        while (i < length && text.charAt(i) != '\n' && !(insideJdbcUrl && text.charAt(i) == ';')) {
            i++;
        }
        return i;
    }

    /** A word, and the next one if it only says of what kind that one is. */
    private int endOfValue(int from) {
        int start = from;
        int end = endOfWord(from);
        while (start < end && isAuthScheme(start, end)) {
            start = end;
            while (start < length && Ascii.isBlank(text.charAt(start))) {
                start++;
            }
            end = endOfWord(start);
        }
        return end;
    }

    private boolean isAuthScheme(int from, int to) {
        for (String scheme : AUTH_SCHEMES) {
            if (to - from == scheme.length() && Ascii.startsWith(text, from, scheme)) {
                return true;
            }
        }
        return false;
    }

    private int endOfWord(int from) {
        int i = from;
        while (i < length && !isEndOfWord(i)) {
            i++;
        }
        return i;
    }

    private boolean isEndOfWord(int i) {
        char c = text.charAt(i);
        if (c == ',') {
            return i + 1 == length || Ascii.isBlank(text.charAt(i + 1)) || text.charAt(i + 1) == Redactor.ELLIPSIS;
        }
        return Ascii.isBlank(c) || c == ';' || c == '&';
    }

    private void authScheme() {
        String scheme = Ascii.startsWith(text, position, "bearer") ? "bearer" : "basic";
        if (!Ascii.startsWord(text, position) || !Ascii.startsWith(text, position, scheme)) {
            return;
        }
        int from = position + scheme.length();
        int start = from;
        while (start < length && isBetweenSchemeAndCredentials(text.charAt(start))) {
            start++;
        }
        while (Ascii.startsWith(text, start, "%20")) {
            start += 3;
        }
        int end = start == from ? start : Ascii.endOfToken68(text, start);
        if (end > start && !isAuthScheme(start, end)) {
            replace(start, end);
        } else {
            position = from;
        }
    }

    private void path() {
        char slash = text.charAt(position);
        int segment = Ascii.endOfRun(text, position, slash);
        int from = PrivatePlaces.startOfPrivatePart(text, position, segment);
        if (from < 0) {
            position = segment;
        } else {
            replace(from, PrivatePlaces.endOfPath(text, from, slash));
        }
    }

    private static boolean isSeparator(char c) {
        return c == '=' || c == ':';
    }

    private static boolean isNamePart(char c) {
        return Ascii.isWord(c) || c == '.';
    }

    private static boolean isBetweenNameAndSeparator(char c) {
        return Ascii.isBlank(c) || Ascii.isQuote(c) || c == '\\' || c == ')' || c == ']';
    }

    private static boolean isBetweenSeparatorAndValue(char c) {
        return Ascii.isBlank(c) || c == '=' || c == ':' || c == '>' || c == '[' || c == '(' || c == '{';
    }

    private static boolean isBetweenSchemeAndCredentials(char c) {
        return Ascii.isBlank(c) || Ascii.isQuote(c) || c == ':' || c == '=' || c == '+';
    }

    private void replaceTo(int end) {
        if (end >= 0) {
            replace(position, end);
        }
    }

    /** Replaces what is there, unless it is nothing or was replaced before, and goes on behind it. */
    private void replace(int from, int end) {
        int to = endOfWhatBeginsWithin(from, end);
        if (!isMark(from, to)) {
            out.append(text, copied, from).append(Redactor.MARK);
            copied = to;
        }
        // A separator at its end may have the next secret behind it: "invalid token: Cookie: x".
        boolean again = to > from && isSeparator(text.charAt(to - 1));
        position = Math.max(again ? to - 1 : to, position);
    }

    /** What is taken out is not looked at any more, although a key, a header or a JDBC URL may begin in it. */
    private int endOfWhatBeginsWithin(int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '-') {
                int end = KnownSecrets.endOfPem(text, i);
                if (end >= to) {
                    return end;
                }
                i = Math.max(i, end);
            } else if (isSeparator(c) && SecretNames.isHeader(nameBefore(i))) {
                int end = endOfLine(i + 1);
                if (end >= to) {
                    return end;
                }
                i = end - 1;
            } else if (c == 'j' || c == 'J') {
                insideJdbcUrl |= Ascii.startsWith(text, i, "jdbc:");
            } else if (c == '\n') {
                insideJdbcUrl = false;
            }
        }
        return to;
    }

    private boolean isMark(int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != '*' && text.charAt(i) != Redactor.ELLIPSIS) {
                return false;
            }
        }
        return true;
    }
}
