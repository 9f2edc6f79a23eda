package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.AnyTarget;
import io.github.databrickstelemetry.client.ExporterStatistics;
import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionClose;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import io.github.databrickstelemetry.event.TelemetryEvent.ErrorOccurred;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A provider whose only client records every event, and which counts references. Events come from the real emitter.
 * Thread-safe.
 */
public final class RecordingTelemetry implements TelemetryClientProvider, TelemetryClient {

    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger references = new AtomicInteger();
    private final AtomicInteger acquired = new AtomicInteger();
    private final TelemetryEventEmitter emitter;
    private volatile boolean closed;
    private volatile boolean enabled = true;

    /** Records in memory. */
    public RecordingTelemetry() {
        this.emitter = emitter(event -> {
            if (!closed) {
                events.add(event);
            }
        });
    }

    /** Hands events to {@code sink}. */
    public RecordingTelemetry(Consumer<TelemetryEvent> sink) {
        this.emitter = emitter(sink);
    }

    private TelemetryEventEmitter emitter(Consumer<TelemetryEvent> sink) {
        EventOwner owner = new EventOwner() {
            @Override
            public boolean takesEvents() {
                return enabled;
            }

            @Override
            public void offer(TelemetryEvent event) {
                sink.accept(event);
            }

            @Override
            public void accept(TelemetryEvent event) {}
        };
        return new TelemetryEventEmitter(
                owner,
                new EventClock(TelemetryClock.SYSTEM),
                () -> "random",
                failure -> new ErrorDetails(ErrorKind.OTHER, failure.getClass().getName(), null, 0, 0, null, null),
                new Guard(LoggerFactory.getLogger(RecordingTelemetry.class)));
    }

    /** Observes every data source, whatever its URL. */
    public static DataSourceResolver resolveAll() {
        return resolveAll(DriverAdapter.NONE, Map.of());
    }

    /** Observes every data source, whatever its URL. */
    public static DataSourceResolver resolveAll(DriverAdapter adapter, Map<String, String> overrides) {
        return (beanName, source) -> observed(beanName, adapter, overrides);
    }

    /** A data source to observe. */
    public static DataSourceDescription observed(
            String beanName, DriverAdapter adapter, Map<String, String> overrides) {
        TelemetryTarget target = AnyTarget.at("workspace.example");
        return new DataSourceDescription(
                target.host(),
                () -> target,
                ConnectionDetails.UNKNOWN,
                new LocalDataSource(beanName, null, null, null),
                () -> LocalContext.NONE,
                adapter,
                overrides,
                Map.of());
    }

    /** Everything so far, in order. */
    public List<TelemetryEvent> events() {
        return List.copyOf(events);
    }

    /** What happened so far, one short line per event, without latencies. */
    public List<String> lines() {
        return events.stream().map(RecordingTelemetry::line).toList();
    }

    /** Forgets the events so far. */
    public void clear() {
        events.clear();
    }

    /** Events of one kind. */
    public <E extends TelemetryEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static String id(@Nullable DeferredResult result) {
        StatementResult read = result == null ? null : result.read();
        return read == null ? "" : " " + read.statementId();
    }

    private static String line(TelemetryEvent event) {
        if (event instanceof StatementStart start) {
            return start.operation() == OperationType.EXECUTE_STATEMENT
                    ? "start " + start.statementType()
                    : "start " + start.operation()
                            + (start.statementType() == StatementType.METADATA ? "" : " " + start.statementType());
        }
        if (event instanceof StatementComplete complete) {
            return complete.error() == null ? "complete" + id(complete.result()) : "failed";
        }
        if (event instanceof ConnectionOpen) {
            return "open";
        }
        if (event instanceof ConnectionClose) {
            return "close";
        }
        if (event instanceof ErrorOccurred) {
            return "error";
        }
        return event.type().text();
    }

    /** References held at present. */
    public int references() {
        return references.get();
    }

    /** References ever taken. */
    public int acquired() {
        return acquired.get();
    }

    /** Whether the provider was closed. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public TelemetryClient acquire(TelemetryTarget target) {
        references.incrementAndGet();
        acquired.incrementAndGet();
        return this;
    }

    @Override
    public void release(TelemetryClient client) {
        references.decrementAndGet();
    }

    @Override
    public List<TelemetryClient> clients() {
        return List.of(this);
    }

    @Override
    public TelemetryClient acquireLazily(String host, Supplier<@Nullable TelemetryTarget> target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addExporter(TelemetryExporter exporter) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ExporterStatistics> exporters() {
        return List.of();
    }

    @Override
    public List<HostTotals> totals() {
        return List.of();
    }

    @Override
    public long swallowed() {
        return 0;
    }

    @Override
    public void addListener(TelemetryListener listener) {
        throw new UnsupportedOperationException("nobody listens here");
    }

    /** What comes after is not recorded, as with the real one. */
    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String host() {
        return "workspace.example:443";
    }

    @Override
    public TelemetryEventEmitter emitter() {
        return emitter;
    }

    @Override
    public TelemetryStatistics statistics() {
        throw new UnsupportedOperationException("events are recorded, not counted");
    }

    @Override
    public void flush() {}

    @Override
    public void pause() {
        enabled = false;
    }

    @Override
    public void resume() {
        enabled = true;
    }
}
