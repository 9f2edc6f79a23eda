package io.github.databrickstelemetry.failure.internal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Removes secrets and private places from free text before the text is queued: credentials in headers, Databricks
 * tokens, JWTs, values of secret names in JSON, form, header and JDBC-URL form, user-info of URLs, PEM blocks, home and
 * temporary directories, UNC paths. Each is replaced by {@value #MARK}.
 *
 * <p>Hides too much rather than too little, and is idempotent. Immutable, thread-safe, never throws.
 *
 * <p>The text is capped first, so that a hostile message costs little. That cap drops the word that it cuts, because half
 * a token is not recognised. All repetitions of the patterns are possessive or bounded, so the time is linear in the
 * length of the text.
 */
public final class Redactor {

    /** Stands for everything that is removed. */
    public static final String MARK = "***";

    /** Stands at the end of capped text. */
    private static final char ELLIPSIS = '\u2026';

    private static final int MAX_PASSES = 8;

    /** Longer names are recognised by their end. */
    private static final int MAX_NAME = 128;

    /** Stands for {@link #MARK} within a pass; it is in no text. */
    private static final char HIDDEN = '\ue000';

    // Parts of character classes.
    private static final String BLANK =
            "\\x00-\\x20\\xa0\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000";
    private static final String QUOTE = "\"'`";
    private static final String TOKEN68 = "\\w.~+/=-";

    /** Names whose values run to the end of the line, because they hold blanks and commas. */
    private static final String HEADER = names("authorization", "cookie", "httpheader") + "[\\w.-]{0,96}+";

    /** Names of secrets. Parts are enough: {@code OAuth2Secret}, {@code client_secret}, {@code proxypwd}. */
    private static final String SECRET = "(?:" + HEADER + "|"
            + names("password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "apikey")
            + "[\\w.-]{0,96}+|" + names("accesskey", "privatekey", "signature", "assertion") + "[\\w.-]{0,96}+|"
            + names("pwd", "jwt") + "|(?<![a-zA-Z0-9])(?:sig|pass|pat))";

    private static final String SEPARATOR =
            "[" + BLANK + QUOTE + "\\\\)\\]]*+(?:[=:]|%3[dDaA])[" + BLANK + "=:>\\[({]*+";

    /** A quote ends the value unless it is escaped one level deeper than the quote that began it. */
    private static final String QUOTED = "(?:([" + QUOTE + "])((?:(?!\\1)[^\\\\]|\\\\.)*+)" + "|(\\\\++)([" + QUOTE
            + "])((?:(?!\\4)[^\\\\]|\\\\++(?!\\4)|\\3\\\\++\\4)*+))";

    private static final String SCHEME = "(?:bearer|basic|digest|negotiate|token)";

    /** A word, with the schemes before it, and with the header's value behind it if it is a header's name. */
    private static final String WORD = "(" + HEADER + SEPARATOR + HIDDEN + "|(?:" + SCHEME + "[" + BLANK + "]++)*+(?:[^"
            + BLANK + ";&,]++|,(?![" + BLANK + ELLIPSIS + "]|\\z))*+)";

    /** The rest of the line, and the next one if it ends before a value. */
    private static final String LINE = "([^\\n]*+(?:(?<=[=:][" + BLANK + "]{0,8})\\n[^\\n]*+)*+)";

    private static final String END_OF_PATH = QUOTE + "<>|*;,\\n" + HIDDEN;
    private static final String PATH = "([^" + BLANK + END_OF_PATH + "]*+)";

    /** A segment may hold blanks where another segment follows. */
    private static final String WINDOWS_PATH =
            "((?:[^" + BLANK + END_OF_PATH + "]++|[" + BLANK + "&&[^\\n]](?=[^" + END_OF_PATH + "\\\\]{0,62}+\\\\))*+)";

    private static final String END_OF_AUTHORITY = "/?#<>" + QUOTE + BLANK;

    private static final Pattern PEM = pattern("(-----BEGIN [^-]*+(?:-(?!----END)[^-]*+)*+)");
    private static final Pattern JDBC_URL = pattern("jdbc:[^\\n]*+");
    private static final Pattern IN_JDBC_URL = pattern(SECRET + SEPARATOR + "(?:" + QUOTED + "|([^;\\n]*+))");

    /** In this order: what is hidden first cannot end a value too early. */
    private static final List<Pattern> RULES = List.of(
            pattern(HEADER + SEPARATOR + "(?!" + HIDDEN + ";|\\\\*+[" + QUOTE + "])" + LINE),
            pattern(SECRET + SEPARATOR + "(?:" + QUOTED + "|" + WORD + ")"),
            pattern("(?<![a-z0-9])(?:bearer|basic)(?:[" + BLANK + QUOTE + ":=+]|%20)++(?!" + SCHEME + "(?![" + TOKEN68
                    + "]))([" + TOKEN68 + "]++)"),
            pattern("((?<![a-z0-9])(?:dapi|dkea|dskea|dsapi|dose(?=[\\w-]{0,47}?[0-9]))[\\w-]{6,}+"
                    + "|(?:dapi|dkea|dskea|dsapi|dose)[0-9a-f]{16}[\\w-]*+)"),
            Pattern.compile("(eyJ[" + TOKEN68 + "]{8,}+)"),
            pattern("://([^" + END_OF_AUTHORITY + "]*|[^" + END_OF_AUTHORITY + "@]*:[^" + END_OF_AUTHORITY + "@:0-9][^"
                    + END_OF_AUTHORITY + "@:]*+[^" + BLANK + "]{1,256})(?=@)"),
            pattern("(?<!\\\\)\\\\{2,}+(?=[a-z0-9])" + WINDOWS_PATH),
            pattern("\\\\(?:home|users|documents and settings|tmp|temp)[/\\\\]++" + WINDOWS_PATH),
            pattern("/(?:home|users|documents and settings|tmp|temp|var/folders|run/user)[/\\\\]++" + PATH));

    private final int maxInput;
    private final int maxOutput;

    /** Reads at most 16,384 characters and returns at most 2,048. */
    public Redactor() {
        this(16_384, 2_048);
    }

    /** Has caps of its own: characters that are read, and characters that are returned, which are at least one. */
    public Redactor(int maxInput, int maxOutput) {
        this.maxInput = maxInput;
        this.maxOutput = maxOutput;
    }

    /** The text without its secrets; null for null. */
    public @Nullable String redact(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            String before = capInput(text);
            // Removing something, or cutting, can bring together what then looks like a secret.
            for (int pass = 0; pass < MAX_PASSES; pass++) {
                String after = capOutput(pass(before));
                if (after.equals(before)) {
                    return after;
                }
                before = after;
            }
        } catch (StackOverflowError deepInTheApplication) {
            // All is hidden.
        }
        return capOutput(MARK);
    }

    private static String pass(String text) {
        String hidden = hide(PEM, text.replace(HIDDEN, '*'));
        hidden = JDBC_URL.matcher(hidden).replaceAll(url -> Matcher.quoteReplacement(hide(IN_JDBC_URL, url.group())));
        for (Pattern rule : RULES) {
            hidden = hide(rule, hidden);
        }
        return hidden.replace(String.valueOf(HIDDEN), MARK);
    }

    /** Hides the value of each match, which is the last group that took part in it. */
    private static String hide(Pattern rule, String text) {
        Matcher matcher = rule.matcher(text);
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        for (int from = 0; from <= text.length() && matcher.find(from); ) {
            int group = matcher.groupCount();
            while (matcher.start(group) < 0) {
                group--;
            }
            int start = matcher.start(group);
            int end = matcher.end(group);
            if (end > start && start >= copied) {
                out.append(text, copied, start).append(HIDDEN);
            }
            copied = Math.max(copied, end > start ? end : 0);
            // The value may end with the name of the next one: "invalid token: password= x".
            from = Math.max(matcher.start() + 1, matcher.end() - MAX_NAME);
        }
        return copied == 0 ? text : out.append(text, copied, text.length()).toString();
    }

    /** Matches one of the names, in upper or lower case, with or without separators between its letters. */
    private static String names(String... names) {
        return Stream.of(names)
                .map(name -> String.join("[-_.]?", name.split("")))
                .collect(Collectors.joining("|", "(?:", ")"));
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    private String capInput(String text) {
        if (text.length() <= maxInput) {
            return text;
        }
        int end = maxInput;
        while (end > 0 && !isBlankOrQuote(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + ELLIPSIS;
    }

    private static boolean isBlankOrQuote(char c) {
        return c <= ' ' || Character.isWhitespace(c) || c == '\u00a0' || QUOTE.indexOf(c) >= 0;
    }

    private String capOutput(String text) {
        if (text.length() <= maxOutput) {
            return text;
        }
        int end = maxOutput - 1;
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + ELLIPSIS;
    }
}
