package io.github.databrickstelemetry.jdbc.databricks;

import org.jspecify.annotations.Nullable;

/**
 * Ids as the driver shows them, made safe. They come from a server, so they are taken as hostile: of another form than
 * an id has, or too long, and they are no ids. Stateless.
 */
final class ServerIds {

    private static final int LONGEST = 128;

    private ServerIds() {}

    /**
     * The session's id out of {@code s|warehouse|session}, {@code s|warehouse|session|r} or {@code t|session|secret}.
     */
    static @Nullable String session(@Nullable String connectionId) {
        if (connectionId == null || connectionId.length() > 4 * LONGEST) {
            return null;
        }
        boolean sqlExecution = connectionId.startsWith("s|");
        if (!sqlExecution && !connectionId.startsWith("t|")) {
            return null;
        }
        int second = connectionId.indexOf('|', 2);
        if (second < 0) {
            return null;
        }
        int third = connectionId.indexOf('|', second + 1);
        if (!sqlExecution) {
            return third < 0 ? checked(connectionId.substring(2, second)) : null;
        }
        return checked(connectionId.substring(second + 1, third < 0 ? connectionId.length() : third));
    }

    /** The statement's id; Thrift's comes as {@code id|secret}. */
    static @Nullable String statement(@Nullable String statementId) {
        if (statementId == null) {
            return null;
        }
        int bar = statementId.indexOf('|');
        return checked(bar < 0 ? statementId : statementId.substring(0, bar));
    }

    /** Checked by hand: it runs once per statement, and a regular expression would cost more than the rest. */
    private static @Nullable String checked(String id) {
        int length = id.length();
        if (length == 0 || length > LONGEST) {
            return null;
        }
        for (int i = 0; i < length; i++) {
            char c = id.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean allowed = letter || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!allowed) {
                return null;
            }
        }
        return id;
    }
}
