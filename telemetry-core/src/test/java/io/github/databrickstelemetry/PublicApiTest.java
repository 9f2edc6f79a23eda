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
 * The public types of this module, nested ones counted with the type around them. A type of the first list is a promise to
 * users and documented. What is below {@code internal} is no promise.
 */
class PublicApiTest {

    private static final String ROOT = "io.github.databrickstelemetry.";

    private static final List<String> API = List.of(
            "aggregate.DropReason",
            "aggregate.TelemetryMetric",
            "breaker.BreakerStatus",
            "client.ClientStatus",
            "client.ExporterStatistics",
            "client.HostTotals",
            "client.TelemetryClient",
            "client.TelemetryClientProvider",
            "client.TelemetryListener",
            "client.TelemetryStatistics",
            "config.ClientSettings",
            "config.EngineSettings",
            "config.ErrorDetail",
            "config.ExportLevel",
            "config.ExportSettings",
            "config.InvalidSettingException",
            "config.TlsSettings",
            "config.TransportSettings",
            "event.ConnectionDetails",
            "event.DeferredResult",
            "event.ErrorDetails",
            "event.EventType",
            "event.LocalDetails",
            "event.OperationType",
            "event.StatementResult",
            "event.StatementType",
            "event.TelemetryEvent",
            "event.TelemetryEventEmitter",
            "event.TelemetrySession",
            "export.ExportResult",
            "export.TelemetryExporter",
            "flag.FlagState",
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
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getName)
                        .filter(name -> !name.contains(".internal."))
                        .map(name -> name.substring(ROOT.length()))
                        .toList();
    }
}
