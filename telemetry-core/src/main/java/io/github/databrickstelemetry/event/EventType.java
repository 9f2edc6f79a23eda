package io.github.databrickstelemetry.event;

import java.util.Locale;

/** The kinds of events. */
public enum EventType {
    CONNECTION_OPEN,
    CONNECTION_CLOSE,
    STATEMENT_START,
    STATEMENT_COMPLETE,
    STATEMENT_POLL,
    CLOUDFETCH_CHUNK,
    ERROR;

    /** The name as meters and the endpoint show it, for example {@code statement.start}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
