package io.github.databrickstelemetry.benchmarks.fleet;

import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Requests to a simulated workspace, which responds to them at once. */
public final class FleetChannel extends WorkspaceChannel {

    private static final WorkspaceHttp UNUSED = new WorkspaceHttp();

    private final FleetServer server;
    private final TelemetryClock clock;

    /** A channel to this workspace. */
    public FleetChannel(FleetServer server, TelemetryClock clock) {
        super(UNUSED);
        this.server = server;
        this.clock = clock;
    }

    @Override
    protected WorkspaceResponse send(
            TelemetryTarget target, String path, byte @Nullable [] body, Consumer<HttpHeaders> headers)
            throws IOException {
        return body == null ? server.flag(clock.nanoTime()) : server.telemetry(clock.nanoTime());
    }
}
