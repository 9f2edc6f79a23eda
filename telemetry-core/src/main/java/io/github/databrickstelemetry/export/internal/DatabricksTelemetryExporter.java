package io.github.databrickstelemetry.export.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.export.internal.RequestSender.AttemptException;
import io.github.databrickstelemetry.export.internal.RequestSender.Reply;
import io.github.databrickstelemetry.export.internal.WireFormat.Document;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The export of one batch to a workspace's telemetry service. Blocks the calling thread, and only that. Never throws; an
 * interrupt makes it return what it has not sent. {@link #close()} is for any thread.
 */
final class DatabricksTelemetryExporter implements TelemetryExporter {

    private static final Logger logger = LoggerFactory.getLogger(DatabricksTelemetryExporter.class);

    private final String host;
    private final ExportSettings settings;
    private final WorkspaceChannel channel;
    private final WireFormat format;
    private final RequestSender sender;
    private final TelemetryClock clock;
    private final Guard guard;

    // Each metric is in a part that is left to send, or in a count, so that a failure loses none.
    private final Deque<List<Document>> parts = new ArrayDeque<>();
    private int delivered;
    private int rejected;
    private int malformed;
    private int tooLarge;
    private Outcome outcome = Outcome.SUCCESS;
    private @Nullable ExportError error;
    private long retryAfterMillis;

    /** @param channel what the sender sends its requests over */
    DatabricksTelemetryExporter(
            TelemetryTarget target,
            WorkspaceChannel channel,
            WireFormat format,
            RequestSender sender,
            TelemetryClock clock,
            Guard guard) {
        this.host = target.host().key();
        this.settings = target.settings().export();
        this.channel = channel;
        this.format = format;
        this.sender = sender;
        this.clock = clock;
        this.guard = guard;
    }

    @Override
    public ExportResult export(List<TelemetryMetric> batch) {
        try {
            encode(batch);
            send();
        } catch (AttemptException failure) {
            outcome = failure.outcome;
            error = failure.error;
            retryAfterMillis = failure.retryAfterMillis;
        } catch (Throwable failure) {
            guard.swallowed("export", failure);
            failed(new ExportError(failure.getClass().getSimpleName(), 0));
        }
        ExportResult result = result();
        if (result.error() != null) {
            logger.debug("Export to {} ended with {}: {}", host, result.outcome(), result.error());
        }
        return result;
    }

    @Override
    public void close() {
        channel.close();
    }

    /** Encodes each metric once and forms parts that fit a request. */
    private void encode(List<TelemetryMetric> batch) {
        List<Document> part = new ArrayList<>(batch.size());
        int size = WireFormat.ENVELOPE;
        for (TelemetryMetric metric : batch) {
            Document document = document(metric);
            if (document == null) {
                malformed++;
            } else if (WireFormat.ENVELOPE + document.size() > settings.maxRequestSize()) {
                tooLarge++;
            } else {
                if (size + document.size() > settings.maxRequestSize()) {
                    parts.add(part);
                    part = new ArrayList<>();
                    size = WireFormat.ENVELOPE;
                }
                part.add(document);
                size += document.size();
            }
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        if (parts.isEmpty() && tooLarge > 0) {
            failed(new ExportError("TooLarge", 0));
        }
    }

    /** Null for a metric that cannot be written. It is dropped, because each retry would fail again. */
    private @Nullable Document document(TelemetryMetric metric) {
        try {
            return format.encode(metric);
        } catch (IOException | RuntimeException failure) {
            guard.swallowed("encoding", failure);
            failed(new ExportError(failure.getClass().getSimpleName(), 0));
            return null;
        }
    }

    private void send() throws IOException {
        while (!parts.isEmpty()) {
            List<Document> part = parts.element();
            byte[] body = WireFormat.body(part, clock.epochMillis());
            Reply reply = sender.send(settings.gzip() ? WireFormat.gzip(body) : body);
            // Read first: if there is no memory for it, the part is still there.
            int rejectedOfPart =
                    reply.action() == ResponseAction.DELIVERED ? rejectedOf(part.size(), reply.response()) : 0;
            parts.remove();
            if (reply.action() == ResponseAction.DELIVERED) {
                delivered += part.size() - rejectedOfPart;
                rejected += rejectedOfPart;
            } else if (reply.action() == ResponseAction.TOO_LARGE && part.size() > 1) {
                int half = part.size() / 2;
                parts.addFirst(part.subList(half, part.size()));
                parts.addFirst(part.subList(0, half));
            } else {
                if (reply.action() == ResponseAction.TOO_LARGE) {
                    tooLarge++;
                } else {
                    malformed += part.size();
                }
                failed(new ExportError("HttpStatus", reply.response().status()));
            }
        }
    }

    private void failed(ExportError why) {
        outcome = Outcome.FAILURE;
        error = why;
    }

    private ExportResult result() {
        List<TelemetryMetric> kept = new ArrayList<>();
        parts.forEach(part -> part.forEach(encoded -> kept.add(encoded.metric())));
        return new ExportResult(outcome, delivered, rejected, malformed, tooLarge, kept, error, retryAfterMillis);
    }

    /** The number of rejected metrics, 0 if the response does not name it. */
    private static int rejectedOf(int sent, WorkspaceResponse response) {
        try {
            JsonNode taken = response.json().path("numProtoSuccess");
            // As a double, because a larger number than a long holds would wrap around.
            return taken.isIntegralNumber() ? (int) Math.max(0, Math.min(sent, sent - taken.doubleValue())) : 0;
        } catch (IOException garbage) {
            return 0;
        }
    }
}
