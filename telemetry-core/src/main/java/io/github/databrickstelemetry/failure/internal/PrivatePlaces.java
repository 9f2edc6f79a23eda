package io.github.databrickstelemetry.failure.internal;

/** Paths that name a person or a machine: home and temporary directories, UNC paths. */
final class PrivatePlaces {

    private static final int MAX_SEGMENT = 64;

    private static final String[] PLACES = {
        "home", "users", "documents and settings", "tmp", "temp", "var/folders", "run/user"
    };

    private PrivatePlaces() {}

    /**
     * Where the part to hide begins, or -1 if the path is not private.
     *
     * @param slashes where the slashes begin
     * @param segment where they end
     */
    static int startOfPrivatePart(String text, int slashes, int segment) {
        if (segment - slashes >= 2 && text.charAt(slashes) == '\\') {
            // A UNC path, or a local one that is escaped.
            return segment < text.length() && Ascii.isAlphanumeric(text.charAt(segment)) ? segment : -1;
        }
        for (String place : PLACES) {
            int end = segment + place.length();
            if (Ascii.startsWith(text, segment, place) && end < text.length() && isSlash(text.charAt(end))) {
                return Ascii.endOfRun(text, end, text.charAt(end));
            }
        }
        return -1;
    }

    /** On Windows a segment may hold blanks: {@code C:\\Users\\Ann Example\\x}. It is one if another one follows. */
    static int endOfPath(String text, int from, char slash) {
        int i = from;
        while (i < text.length() && !isEndOfPath(text.charAt(i))) {
            if (Ascii.isBlank(text.charAt(i))) {
                int next = slash == '\\' ? nextSegment(text, i) : -1;
                if (next < 0) {
                    break;
                }
                i = next;
            }
            i++;
        }
        return i;
    }

    private static int nextSegment(String text, int blank) {
        int limit = Math.min(text.length(), blank + MAX_SEGMENT);
        for (int i = blank; i < limit && !isEndOfPath(text.charAt(i)); i++) {
            if (text.charAt(i) == '\\') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }

    private static boolean isEndOfPath(char c) {
        return Ascii.isQuote(c) || c == '<' || c == '>' || c == '|' || c == '*' || c == ';' || c == ',' || c == '\n';
    }
}
