package io.github.databrickstelemetry.actuate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

/**
 * The endpoint {@code databrickstelemetryui}: one HTML page that shows what the endpoint {@code databrickstelemetry}
 * answers, and reads nothing else. Thread-safe.
 */
@WebEndpoint(id = "databrickstelemetryui")
public final class TelemetryPageEndpoint {

    /** The page, in UTF-8. */
    @ReadOperation(produces = "text/html;charset=UTF-8")
    public Resource page() throws IOException {
        return new ByteArrayResource(TelemetryPage.html().getBytes(StandardCharsets.UTF_8));
    }
}
