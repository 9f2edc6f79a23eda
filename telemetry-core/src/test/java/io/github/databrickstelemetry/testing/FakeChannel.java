package io.github.databrickstelemetry.testing;

import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Requests that reach no network: the test responds to each. */
public final class FakeChannel extends WorkspaceChannel {

    /** Responds to a request. */
    @FunctionalInterface
    public interface Service {
        WorkspaceResponse respond(TelemetryTarget target) throws IOException;
    }

    private final Service service;

    public FakeChannel(Service service) {
        super(new WorkspaceHttp());
        this.service = service;
    }

    @Override
    protected WorkspaceResponse send(
            TelemetryTarget target, String path, byte @Nullable [] body, Consumer<HttpHeaders> headers)
            throws IOException {
        return service.respond(target);
    }
}
