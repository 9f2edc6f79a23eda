package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the application's own tools get of each statement. */
class LocalDetailsTest {

    private static final LocalDataSource SOURCE = new LocalDataSource("bean", "main.default", "abc", 7L);

    private final RecordingTelemetry telemetry = new RecordingTelemetry();

    private static LocalContext context(@Nullable Object trace, boolean queryText) {
        return new LocalContext(() -> trace, queryText, false, failure -> {});
    }

    private Connection connect(LocalContext context) throws SQLException {
        return Instrumented.below(new StubDriver().dataSource(), telemetry, SOURCE, context)
                .getConnection();
    }

    private List<LocalDetails> details() {
        return telemetry.events(StatementStart.class).stream()
                .map(StatementStart::local)
                .toList();
    }

    private static void executeAll(Connection connection) throws SQLException {
        Statement statement = connection.createStatement();
        statement.executeQuery("plain");
        PreparedStatement prepared = connection.prepareStatement("prepared");
        prepared.executeUpdate();
        CallableStatement callable = connection.prepareCall("callable");
        callable.execute();
        connection.getMetaData().getCatalogs();
    }

    @Test
    void areTheSameObjectForAllStatementsIfNothingElseIsWanted() throws SQLException {
        executeAll(connect(LocalContext.NONE));
        LocalDetails first = details().get(0);
        assertThat(first).isEqualTo(new LocalDetails(SOURCE, 0, null, null));
        assertThat(details()).hasSize(4).allSatisfy(each -> assertThat(each).isSameAs(first));
    }

    @Test
    void carryTheTraceContextOfTheExecutingThread() throws SQLException {
        executeAll(connect(context("trace", false)));
        assertThat(details()).hasSize(4).containsOnly(new LocalDetails(SOURCE, 0, null, "trace"));
    }

    @Test
    void carryTheQueryTextOnlyIfItIsWanted() throws SQLException {
        executeAll(connect(context(null, true)));
        assertThat(details())
                .extracting(LocalDetails::queryText)
                .containsExactly("plain", "prepared", "callable", null);
    }

    @Test
    void carryTheSizeOfABatchAndItsFirstText() throws SQLException {
        Connection connection = connect(context(null, true));
        Statement statement = connection.createStatement();
        statement.addBatch("first");
        statement.addBatch("second");
        statement.executeBatch();
        statement.executeBatch();
        statement.addBatch("cleared");
        statement.clearBatch();
        statement.addBatch("third");
        statement.executeLargeBatch();
        PreparedStatement prepared = connection.prepareStatement("prepared");
        prepared.addBatch();
        prepared.addBatch();
        prepared.addBatch();
        prepared.executeBatch();
        assertThat(details())
                .containsExactly(
                        new LocalDetails(SOURCE, 2, "first", null),
                        new LocalDetails(SOURCE, 0, null, null),
                        new LocalDetails(SOURCE, 1, "third", null),
                        new LocalDetails(SOURCE, 3, "prepared", null));
    }

    @Test
    void fallBackToTheDataSourceIfTheContextThrows() throws SQLException {
        LocalContext broken = new LocalContext(
                () -> {
                    throw new IllegalStateException("tracer");
                },
                true,
                true,
                failure -> {});
        executeAll(connect(broken));
        assertThat(details()).hasSize(4).containsOnly(new LocalDetails(SOURCE, 0, null, null));
    }
}
