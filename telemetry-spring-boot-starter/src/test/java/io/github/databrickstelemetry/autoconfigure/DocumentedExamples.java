package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceInstrumentation;
import io.github.databrickstelemetry.standin.Answer;
import io.github.databrickstelemetry.standin.Table;
import io.github.databrickstelemetry.standin.TelemetryDocument;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.hibernate.engine.jdbc.connections.spi.AbstractDataSourceBasedMultiTenantConnectionProviderImpl;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.flyway.FlywayConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** The Java of the documentation, so that it compiles. {@link DocumentationTest} compares the two. */
@Configuration(proxyBeanMethods = false)
@SuppressWarnings("NullAway") // Written as in an application that does not use it.
class DocumentedExamples {

    private final List<String> reviewed = new CopyOnWriteArrayList<>();

    /** An application's own source of tokens. */
    interface TokenService {
        String current(String name);
    }

    @Bean
    TelemetryCredentials telemetryCredentials(TokenService tokens) {
        return (host, dataSource) -> tokens.current(dataSource);
    }

    /** Where an application keeps what it exports. */
    interface Archive {
        void store(List<String> ids);
    }

    @Bean
    TelemetryListener slowStatements() {
        return new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                if (metric instanceof TelemetryMetric.StatementMetric statement
                        && statement.latencyNanos() > TimeUnit.SECONDS.toNanos(10)) {
                    review(statement.statementId());
                }
            }
        };
    }

    private void review(String statementId) {
        reviewed.add(statementId);
    }

    @Bean
    TelemetryExporter archive(Archive archive) {
        return batch -> {
            archive.store(batch.stream().map(TelemetryMetric::eventId).toList());
            return ExportResult.deliveredAll(batch.size());
        };
    }

    DataSource tenant(DataSourceInstrumentation telemetry, String tenant, DataSource pool) {
        return telemetry.instrument("tenant-" + tenant, pool);
    }

    @SuppressWarnings("NullAway") // As the page shows it.
    static class Tenants extends AbstractDataSourceBasedMultiTenantConnectionProviderImpl<String> {

        private final Map<String, DataSource> pools = new ConcurrentHashMap<>();

        Tenants(DataSourceInstrumentation telemetry, Map<String, DataSource> tenants) {
            tenants.forEach((tenant, pool) -> pools.put(tenant, telemetry.instrument("tenant-" + tenant, pool)));
        }

        @Override
        protected DataSource selectAnyDataSource() {
            return pools.values().iterator().next();
        }

        @Override
        protected DataSource selectDataSource(String tenant) {
            return pools.get(tenant);
        }
    }

    @Bean
    FlywayConfigurationCustomizer flywayTelemetry(DataSourceInstrumentation telemetry) {
        return flyway -> flyway.dataSource(telemetry.instrument("flyway", flyway.getDataSource()));
    }

    static List<TelemetryDocument> received() {
        try (WorkspaceStandIn workspace = WorkspaceStandIn.start()) {
            workspace.answer(
                    "SELECT count(*) FROM orders",
                    Answer.rows(Table.of("n BIGINT").row(42)));
            // Start the application with spring.datasource.url = workspace.jdbcUrl(),
            // and spring.datasource.password = workspace.token() where it has a password
            List<TelemetryDocument> received = workspace.telemetry().received();
            return received;
        }
    }

    @Component
    static class Exports {
        private final TelemetryClient telemetry;

        Exports(@Qualifier("mainTelemetryClient") TelemetryClient telemetry) {
            this.telemetry = telemetry;
        }

        void run() {
            TelemetryEventEmitter emitter = telemetry.emitter();
            TelemetrySession session = emitter.connectionOpen(null, ConnectionDetails.UNKNOWN, 0);
            long started = System.nanoTime();
            long statement = emitter.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            // …
            emitter.statementComplete(session, statement, System.nanoTime() - started, null);
            emitter.connectionClose(session, 0);
        }
    }
}
