package io.github.databrickstelemetry.sample;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Every log line of the application from its making to its closing. Made after the start, which resets logging. */
final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.github.databrickstelemetry");
    private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

    CapturedLog() {
        // With everything of ours switched on, debug lines cannot hide a louder one.
        ours.setLevel(Level.DEBUG);
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        events.add(event);
    }

    /** Lines that a person sees who runs with usual settings: ours above debug, anybody's warnings and errors. */
    List<String> loud() {
        return events.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN)
                        || (event.getLevel().isGreaterOrEqual(Level.INFO)
                                && event.getLoggerName().startsWith("io.github.databrickstelemetry")))
                .map(ILoggingEvent::toString)
                .toList();
    }

    /** All lines of ours, with what they say of exceptions. */
    List<String> ours() {
        return events.stream()
                .filter(event -> event.getLoggerName().startsWith("io.github.databrickstelemetry"))
                .map(event -> event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : " " + event.getThrowableProxy().getMessage()))
                .toList();
    }

    @Override
    public void close() {
        root.detachAppender(this);
        ours.setLevel(null);
        stop();
    }
}
