package io.github.databrickstelemetry.sample.controls;

import io.github.databrickstelemetry.standin.ServiceMode;
import io.github.databrickstelemetry.standin.TelemetryDocument;
import io.github.databrickstelemetry.standin.TelemetryService;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the stand-in received, and the switches that make it fail. */
@RestController
@RequestMapping("/workspace")
@Profile("!databricks")
class WorkspaceController {

    /** What the stand-in ran and received. */
    record Workspace(
            String endpoint, boolean flag, long statements, long requests, long refused, long documents, long bytes) {

        static Workspace of(WorkspaceStandIn workspace) {
            TelemetryService telemetry = workspace.telemetry();
            return new Workspace(
                    telemetry.mode().name(),
                    workspace.featureFlag().isEnabled(),
                    workspace.statementsRun(),
                    telemetry.requests(),
                    telemetry.failedRequests(),
                    telemetry.documents(),
                    telemetry.bytes());
        }
    }

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

    /** One statement that the workspace ran. */
    record Run(String statementId, String sessionId, String statement, String state, long startedMillis, long millis) {}

    /** The telemetry service's view. */
    record Telemetry(Workspace workspace, List<Document> documents) {}

    private final WorkspaceStandIn workspace;

    WorkspaceController(WorkspaceStandIn workspace) {
        this.workspace = workspace;
    }

    /** What the telemetry service received, newest first. */
    @GetMapping("/telemetry")
    Telemetry telemetry(@RequestParam(defaultValue = "50") int limit) {
        return new Telemetry(
                Workspace.of(workspace),
                newest(workspace.telemetry().received(), limit).stream()
                        .map(this::describe)
                        .toList());
    }

    /** The statements that the workspace ran, newest first. */
    @GetMapping("/history")
    List<Run> history(@RequestParam(defaultValue = "50") int limit) {
        return newest(workspace.statements(), limit).stream()
                .map(run -> new Run(
                        run.id(), run.sessionId(), run.sql(), run.state(), run.startMillis(), run.durationMillis()))
                .toList();
    }

    /** Makes the telemetry service healthy, or answer errors, hang or drop connections. */
    @PostMapping("/telemetry/{mode}")
    Workspace setTelemetry(@PathVariable ServiceMode mode) {
        workspace.telemetry().setMode(mode);
        return Workspace.of(workspace);
    }

    /** Switches the feature flag; clients notice when they ask again. */
    @PostMapping("/flag/{enabled}")
    Workspace setFlag(@PathVariable boolean enabled) {
        workspace.featureFlag().setEnabled(enabled);
        return Workspace.of(workspace);
    }

    private static <T> List<T> newest(List<T> oldestFirst, int limit) {
        List<T> newestFirst = new ArrayList<>(oldestFirst);
        Collections.reverse(newestFirst);
        return newestFirst.subList(0, Math.min(limit, newestFirst.size()));
    }

    private Document describe(TelemetryDocument document) {
        return new Document(
                document.number(),
                document.receivedMillis(),
                document.path(),
                document.operation(),
                document.sessionId(),
                document.statementId(),
                document.latencyMillis(),
                document.errorName(),
                workspace.statement(document.statementId()) != null,
                document.content());
    }
}
