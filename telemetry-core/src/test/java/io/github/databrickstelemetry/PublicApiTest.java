package io.github.databrickstelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The public types of this module and those nested in them. A type of the first list is a promise to
 * users and documented. What is below {@code internal} is no promise.
 */
class PublicApiTest {

    private static final String ROOT = "io.github.databrickstelemetry.";

    private static final List<String> API = List.of(
            "aggregate.DropReason",
            "aggregate.TelemetryMetric",
            "aggregate.TelemetryMetric$ErrorMetric",
            "aggregate.TelemetryMetric$SessionMetric",
            "aggregate.TelemetryMetric$StatementMetric",
            "breaker.BreakerStatus",
            "breaker.BreakerStatus$BreakerState",
            "breaker.BreakerStatus$Transition",
            "client.ClientStatus",
            "client.ExporterStatistics",
            "client.HostTotals",
            "client.TelemetryClient",
            "client.TelemetryClientProvider",
            "client.TelemetryListener",
            "client.TelemetryStatistics",
            "client.TelemetryStatistics$EventCounts",
            "client.TelemetryStatistics$LastExport",
            "client.TelemetryStatistics$MetricCounts",
            "client.TelemetryStatistics$StatementCounts",
            "config.ClientSettings",
            "config.ClientSettings$CircuitBreakerSettings",
            "config.ClientSettings$FeatureFlagSettings",
            "config.EngineSettings",
            "config.ErrorDetail",
            "config.ExportLevel",
            "config.ExportSettings",
            "config.ExportSettings$HttpSettings",
            "config.ExportSettings$RetrySettings",
            "config.InvalidSettingException",
            "config.TlsSettings",
            "config.TlsSettings$Revocation",
            "config.TlsSettings$StoreFile",
            "config.TlsSettings$Stores",
            "config.TlsSettings$Supplied",
            "config.TlsSettings$Unverified",
            "config.TransportSettings",
            "config.TransportSettings$ProxySettings",
            "event.ConnectionDetails",
            "event.DeferredResult",
            "event.ErrorDetails",
            "event.ErrorDetails$ErrorKind",
            "event.EventType",
            "event.LocalDetails",
            "event.LocalDetails$LocalDataSource",
            "event.OperationType",
            "event.StatementResult",
            "event.StatementResult$Chunks",
            "event.StatementResult$Latency",
            "event.StatementResult$Polls",
            "event.StatementResult$ResultFormat",
            "event.StatementType",
            "event.TelemetryEvent",
            "event.TelemetryEvent$CloudFetchChunk",
            "event.TelemetryEvent$ConnectionClose",
            "event.TelemetryEvent$ConnectionOpen",
            "event.TelemetryEvent$ErrorOccurred",
            "event.TelemetryEvent$StatementComplete",
            "event.TelemetryEvent$StatementEvent",
            "event.TelemetryEvent$StatementPoll",
            "event.TelemetryEvent$StatementStart",
            "event.TelemetryEventEmitter",
            "event.TelemetrySession",
            "export.ExportResult",
            "export.ExportResult$ExportError",
            "export.ExportResult$Outcome",
            "export.TelemetryExporter",
            "flag.FlagState",
            "flag.FlagState$FlagStatus",
            "workspace.CredentialSource",
            "workspace.TelemetryTarget",
            "workspace.WorkspaceHost");

    /** Public only because another package of this library needs them. */
    private static final List<String> FOR_OTHER_PACKAGES = List.of("event.EventOwner");

    @Test
    void isListed() {
        List<String> listed = new ArrayList<>(API);
        listed.addAll(FOR_OTHER_PACKAGES);

        assertThat(publicTypes()).isSubsetOf(listed).containsAll(API);
    }

    private static List<String> publicTypes() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(ROOT).stream()
                        .filter(PublicApiTest::isVisible)
                        .map(JavaClass::getName)
                        .filter(name -> !name.contains(".internal."))
                        .map(name -> name.substring(ROOT.length()))
                        .toList();
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(PublicApiTest::isVisible).orElse(true);
    }
}
