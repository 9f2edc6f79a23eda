package io.github.databrickstelemetry.benchmarks.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A workspace that works, fails for a while, and works again. Its responses depend on the time only, so applications can
 * be simulated one after the other. Counts the requests of each second. Not thread-safe.
 */
public final class FleetServer {

    /** How the workspace fails. */
    public enum Fault {
        REFUSED("connection refused"),
        UNAVAILABLE("503"),
        UNAVAILABLE_RETRY_AFTER("503, Retry-After: 30"),
        THROTTLED("429"),
        THROTTLED_RETRY_AFTER("429, Retry-After: 30");

        final String text;

        Fault(String text) {
            this.text = text;
        }

        WorkspaceResponse respond() throws IOException {
            return switch (this) {
                case REFUSED -> throw new ConnectException();
                case UNAVAILABLE -> response(503, null, "");
                case UNAVAILABLE_RETRY_AFTER -> response(503, "30", "");
                case THROTTLED -> response(429, null, "");
                case THROTTLED_RETRY_AFTER -> response(429, "30", "");
            };
        }
    }

    private static final String FLAG = "{\"flags\":[{\"name\":\"" + FeatureFlagSettings.DEFAULT_NAME
            + "\",\"value\":\"true\"}],\"ttl_seconds\":900}";

    private final Fault fault;
    private final long faultFromNanos;
    private final long faultToNanos;
    private final int[] telemetry;
    private final int[] flags;

    FleetServer(Fault fault, Duration faultFrom, Duration faultTo, Duration end) {
        this.fault = fault;
        this.faultFromNanos = faultFrom.toNanos();
        this.faultToNanos = faultTo.toNanos();
        this.telemetry = new int[(int) end.toSeconds() + 120];
        this.flags = new int[telemetry.length];
    }

    /** Responds to a batch of metrics. */
    public WorkspaceResponse telemetry(long nanos) throws IOException {
        telemetry[second(nanos)]++;
        return works(nanos) ? response(200, null, "{}") : fault.respond();
    }

    /** Responds to a flag request. */
    public WorkspaceResponse flag(long nanos) throws IOException {
        flags[second(nanos)]++;
        return works(nanos) ? response(200, null, FLAG) : fault.respond();
    }

    private static WorkspaceResponse response(int status, @Nullable String retryAfter, String body) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Retry-After", retryAfter);
        return new WorkspaceResponse(status, headers, body.getBytes(UTF_8));
    }

    private boolean works(long nanos) {
        return nanos < faultFromNanos || nanos >= faultToNanos;
    }

    /** Whether the fault is over. */
    public boolean hasRecovered(long nanos) {
        return nanos >= faultToNanos;
    }

    private int second(long nanos) {
        return (int) Math.min(telemetry.length - 1, nanos / 1_000_000_000);
    }

    /** The most requests in one second. */
    int peak(Duration from, Duration to) {
        int peak = 0;
        for (int second = (int) from.toSeconds(); second < to.toSeconds(); second++) {
            peak = Math.max(peak, telemetry[second] + flags[second]);
        }
        return peak;
    }

    /** Requests a second on average. */
    double mean(Duration from, Duration to) {
        long sum = 0;
        for (int second = (int) from.toSeconds(); second < to.toSeconds(); second++) {
            sum += telemetry[second] + flags[second];
        }
        return sum / (double) to.minus(from).toSeconds();
    }
}
