package io.github.databrickstelemetry.benchmarks.soak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Counts log lines that must not exist: lines above debug, and lines that look like SQL or a secret. */
final class LoudLogLines extends AppenderBase<ILoggingEvent> {

    private final AtomicLong count = new AtomicLong();

    static LoudLogLines attach() {
        LoudLogLines lines = new LoudLogLines();
        Logger logger = (Logger) LoggerFactory.getLogger("io.github.databrickstelemetry");
        lines.setContext(logger.getLoggerContext());
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        ((Logger) LoggerFactory.getLogger("com.zaxxer.hikari")).setLevel(Level.OFF);
        return lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = event.getFormattedMessage();
        if (event.getLevel().isGreaterOrEqual(Level.INFO) || line.contains("SELECT") || line.contains("Bearer")) {
            count.incrementAndGet();
        }
    }

    long count() {
        return count.get();
    }
}
