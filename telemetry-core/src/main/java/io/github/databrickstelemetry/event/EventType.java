package io.github.databrickstelemetry.event;

/** The kinds of events, with the names that meters and the endpoint use. */
public enum EventType {
    CONNECTION_OPEN("connection.open"),
    CONNECTION_CLOSE("connection.close"),
    STATEMENT_START("statement.start"),
    STATEMENT_COMPLETE("statement.complete"),
    STATEMENT_POLL("statement.poll"),
    CLOUDFETCH_CHUNK("cloudfetch.chunk"),
    ERROR("error");

    private final String text;

    EventType(String text) {
        this.text = text;
    }

    /** The name as people see it, for example {@code statement.start}. */
    public String text() {
        return text;
    }
}
