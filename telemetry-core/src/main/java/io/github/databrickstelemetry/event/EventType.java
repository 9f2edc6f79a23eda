package io.github.databrickstelemetry.event;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of events. */
public enum EventType {
    CONNECTION_OPEN(TelemetryEvent.ConnectionOpen.class),
    CONNECTION_CLOSE(TelemetryEvent.ConnectionClose.class),
    STATEMENT_START(TelemetryEvent.StatementStart.class),
    STATEMENT_COMPLETE(TelemetryEvent.StatementComplete.class),
    STATEMENT_POLL(TelemetryEvent.StatementPoll.class),
    CLOUDFETCH_CHUNK(TelemetryEvent.CloudFetchChunk.class),
    ERROR(TelemetryEvent.ErrorOccurred.class);

    private static final Map<Class<?>, EventType> BY_CLASS =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(type -> type.event, Function.identity()));

    private final Class<? extends TelemetryEvent> event;

    EventType(Class<? extends TelemetryEvent> event) {
        this.event = event;
    }

    static EventType of(TelemetryEvent event) {
        return Objects.requireNonNull(BY_CLASS.get(event.getClass()));
    }

    /** The name as meters and the endpoint show it, for example {@code statement.start}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
