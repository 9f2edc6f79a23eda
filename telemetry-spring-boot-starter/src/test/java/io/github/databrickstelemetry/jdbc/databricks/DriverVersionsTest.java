package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.jdbc.api.internal.IDatabricksConnectionInternal;
import com.databricks.jdbc.telemetry.latency.TelemetryCollector;
import com.databricks.jdbc.telemetry.latency.TelemetryCollectorManager;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.standin.Answer;
import io.github.databrickstelemetry.standin.Table;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left when a version of the driver lacks some of its internal classes: everything else. */
class DriverVersionsTest {

    private WorkspaceStandIn workspace;
    private Connection connection;
    private Statement statement;
    private ResultSet resultSet;
    private String id;

    @BeforeEach
    void start() throws Exception {
        workspace = WorkspaceStandIn.start().answer("SELECT big", Answer.cloudFetch(Table.numbers(30), 10));
        connection = DriverManager.getConnection(workspace.jdbcUrl());
        statement = connection.createStatement();
        resultSet = statement.executeQuery("SELECT big");
        id = workspace.lastStatement().id();
        // Times that cannot come about on loopback.
        TelemetryCollector collector = TelemetryCollectorManager.getInstance()
                .getOrCreateCollector(
                        connection.unwrap(IDatabricksConnectionInternal.class).getConnectionContext());
        while (resultSet.next()) {
            assertThat(resultSet.getInt(1)).isNotNegative();
        }
        collector.recordChunkDownloadLatency(id, 0, 2_000_000);
        collector.recordChunkDownloadLatency(id, 1, 5_000_000);
        collector.recordGetOperationStatus(id, 70);
        collector.recordGetOperationStatus(id, 30);
    }

    @AfterEach
    void stop() throws Exception {
        connection.close();
        workspace.close();
    }

    @Test
    void thisVersionTellsEverything() {
        StatementResult result = result(new DatabricksDriverAdapter());

        assertThat(result.statementId()).isEqualTo(id);
        assertThat(result.format()).isEqualTo(ResultFormat.EXTERNAL_LINKS);
        assertThat(result.chunks().present()).isEqualTo(3);
        assertThat(result.compressed()).isTrue();
        assertThat(result.chunks().firstNanos()).isEqualTo(2_000_000_000_000L);
        assertThat(result.chunks().slowestNanos()).isEqualTo(5_000_000_000_000L);
        assertThat(result.chunks().sumNanos()).isBetween(7_000_000_000_000L, 7_100_000_000_000L);
        assertThat(result.polls().count()).isEqualTo(2);
        assertThat(result.polls().nanos()).isEqualTo(100_000_000L);
        assertThat(result.latency().consumptionNanos()).isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "telemetry.latency.TelemetryCollector",
                "model.telemetry.StatementTelemetryDetails",
            })
    void withoutCountersItTellsTheRest(String missing) {
        StatementResult result = result(without(missing));

        assertThat(result.statementId()).isEqualTo(id);
        assertThat(result.format()).isEqualTo(ResultFormat.EXTERNAL_LINKS);
        assertThat(result.chunks().present()).isEqualTo(3);
        assertThat(result.compressed()).isTrue();
        assertThat(result.chunks().slowestNanos()).isZero();
        assertThat(result.polls().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "model.telemetry.latency.ChunkDetails, 0, 2",
        "model.telemetry.latency.OperationDetail, 5000000000000, 0",
    })
    void withoutOneCounterItTellsTheOthers(String missing, long slowest, int polls) {
        StatementResult result = result(without(missing));

        assertThat(result.statementId()).isEqualTo(id);
        assertThat(result.chunks().slowestNanos()).isEqualTo(slowest);
        assertThat(result.polls().count()).isEqualTo(polls);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.impl.DatabricksResultSet",
                "api.impl.arrow.ArrowStreamResult",
                "api.impl.arrow.AbstractRemoteChunkProvider",
            })
    void withoutCompressionItTellsTheRest(String missing) {
        StatementResult result = result(without(missing));

        assertThat(result.statementId()).isEqualTo(id);
        assertThat(result.compressed()).isFalse();
        assertThat(result.chunks().slowestNanos()).isEqualTo(5_000_000_000_000L);
    }

    @Test
    void withoutResultMetadataItTellsTheRest() {
        StatementResult result = result(without("api.impl.DatabricksResultSetMetaData"));

        assertThat(result.statementId()).isEqualTo(id);
        assertThat(result.format()).isEqualTo(ResultFormat.EXTERNAL_LINKS);
        assertThat(result.chunks().present()).isEqualTo(3);
    }

    @Test
    void cutsTheIdByHandWithoutTheClassOfIds() {
        assertThat(result(without("dbclient.impl.common.StatementId")).statementId())
                .isEqualTo(id);
    }

    @Test
    void withoutStatementsItAsksTheResultSet() {
        DatabricksDriverAdapter adapter = without("api.internal.IDatabricksStatementInternal");

        assertThat(adapter.failed(statement)).isNull();
        assertThat(result(adapter).statementId()).isEqualTo(id);
        assertThat(adapter.sessionId(connection)).isEqualTo(workspace.sessions().get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "telemetry.latency.TelemetryCollectorManager",
                "api.internal.IDatabricksConnectionInternal",
                "api.internal.IDatabricksConnectionContext",
            })
    void withoutTheConnectionsCountersItTakesThoseOfTheResultSet(String missing) {
        assertThat(result(without(missing)).chunks().slowestNanos()).isEqualTo(5_000_000_000_000L);
    }

    @Test
    void withoutResultSetsOfItsOwnItAsksTheConnectionForTheCounters() {
        assertThat(result(without("api.impl.DatabricksResultSet")).chunks().slowestNanos())
                .isEqualTo(5_000_000_000_000L);
    }

    @Test
    void withoutAnyOfItsClassesItTellsNothing() throws Exception {
        DatabricksDriverAdapter adapter = new DatabricksDriverAdapter(ClassLoader.getPlatformClassLoader());

        assertThat(adapter.sessionId(connection)).isNull();
        assertThat(adapter.executed(statement, resultSet, 0)).isNull();
        assertThat(adapter.failed(statement)).isNull();
        assertThat(adapter.mark(connection.getMetaData())).isNull();
    }

    @Test
    void withoutDriverItLooksForFewClasses() {
        List<String> sought = new ArrayList<>();
        DriverObjects none = new DriverObjects(new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                sought.add(name);
                throw new ClassNotFoundException(name);
            }
        });

        assertThat(none.connection).isNull();
        assertThat(sought).hasSizeLessThan(5);
    }

    /** As that of a web application that has stopped. */
    @Test
    void withoutAWorkingClassLoaderItHasNoVersion() {
        assertThat(DatabricksDriver.version(new ClassLoader(null) {
                    @Override
                    protected Class<?> findClass(String name) {
                        throw new IllegalStateException(name);
                    }
                }))
                .isNull();
    }

    private StatementResult result(DatabricksDriverAdapter adapter) {
        return Objects.requireNonNull(Objects.requireNonNull(adapter.executed(statement, resultSet, 0))
                .read());
    }

    private static DatabricksDriverAdapter without(String missing) {
        return new DatabricksDriverAdapter(new ClassLoader(DriverVersionsTest.class.getClassLoader()) {
            private final String hidden = "com.databricks.jdbc." + missing;

            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.equals(hidden)) {
                    throw new ClassNotFoundException(name);
                }
                return super.loadClass(name, resolve);
            }
        });
    }
}
