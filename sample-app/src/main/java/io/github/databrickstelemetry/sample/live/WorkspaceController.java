package io.github.databrickstelemetry.sample.live;

import io.github.databrickstelemetry.sample.workspace.EmbeddedWorkspace;
import io.github.databrickstelemetry.sample.workspace.EndpointMode;
import io.github.databrickstelemetry.sample.workspace.QueryHistory;
import io.github.databrickstelemetry.sample.workspace.ReceivedDocument;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the embedded workspace received, and the switches that make it misbehave. */
@RestController
@RequestMapping("/workspace")
@Profile("!databricks")
class WorkspaceController {

    /** One received document; {@code known} where the workspace has run a statement of this id. */
    record Document(
            long number,
            long receivedMillis,
            String path,
            String operation,
            String sessionId,
            String statementId,
            long latencyMillis,
            String error,
            boolean known,
            Map<String, Object> content) {}

    /** The telemetry service's view. */
    record Telemetry(Sample.Workspace workspace, List<Document> documents) {}

    private final EmbeddedWorkspace workspace;

    WorkspaceController(EmbeddedWorkspace workspace) {
        this.workspace = workspace;
    }

    /** What the telemetry service received, newest first. */
    @GetMapping("/telemetry")
    Telemetry telemetry(@RequestParam(defaultValue = "50") int limit) {
        return new Telemetry(
                Sample.Workspace.of(workspace),
                workspace.telemetry().newest(limit).stream().map(this::describe).toList());
    }

    /** The statements that the workspace ran, newest first. */
    @GetMapping("/history")
    List<QueryHistory.Entry> history(@RequestParam(defaultValue = "50") int limit) {
        return workspace.history().newest(limit);
    }

    /** Makes the telemetry service healthy, or answer errors, hang or drop connections. */
    @PostMapping("/telemetry/{mode}")
    Sample.Workspace setTelemetry(@PathVariable EndpointMode mode) {
        workspace.telemetry().setMode(mode);
        return Sample.Workspace.of(workspace);
    }

    /** Switches the feature flag; clients notice when they ask again. */
    @PostMapping("/flag/{enabled}")
    Sample.Workspace setFlag(@PathVariable boolean enabled) {
        workspace.featureFlags().setEnabled(enabled);
        return Sample.Workspace.of(workspace);
    }

    private Document describe(ReceivedDocument document) {
        return new Document(
                document.number(),
                document.receivedMillis(),
                document.path(),
                document.operation(),
                document.sessionId(),
                document.statementId(),
                document.latencyMillis(),
                document.errorName(),
                workspace.history().contains(document.statementId()),
                document.content());
    }
}
