package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.databricks.client.jdbc.Driver;
import com.databricks.jdbc.api.IDatabricksConnection;
import com.databricks.jdbc.api.IDatabricksResultSet;
import com.databricks.jdbc.api.IDatabricksStatement;
import com.databricks.jdbc.telemetry.TelemetryClientFactory;
import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionClose;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import io.github.databrickstelemetry.jdbc.datasource.Contexts;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.Ucp;
import io.github.databrickstelemetry.standin.Answer;
import io.github.databrickstelemetry.standin.ReceivedRequest;
import io.github.databrickstelemetry.standin.ServerStatement;
import io.github.databrickstelemetry.standin.Table;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import oracle.ucp.jdbc.PoolDataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The real driver below a HikariCP bean, as an application has it. */
class InstrumentedDriverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();

    /** The driver keeps one client for each host name: a test before would silence it, or send to another port. */
    @BeforeEach
    void forgetEarlierWorkspaces() {
        TelemetryClientFactory.getInstance().reset();
    }

    @ParameterizedTest
    @EnumSource
    void asksTheWorkspaceForNothingElse(Mode mode) throws Exception {
        List<String> bare;
        try (WorkspaceStandIn workspace = workspace();
                HikariDataSource pool = pool(mode.url(workspace))) {
            work(pool);
            pool.close();
            bare = requests(workspace);
        }
        try (WorkspaceStandIn workspace = workspace()) {
            try (AnnotationConfigApplicationContext context = context(mode.url(workspace))) {
                work(context.getBean(DataSource.class));
            }
            assertThat(requests(workspace)).isEqualTo(bare);
            assertThat(workspace.telemetryRequests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsTheServersIds(Mode mode) throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            try (AnnotationConfigApplicationContext context = context(mode.url(workspace))) {
                work(context.getBean(DataSource.class));
            }
            assertServersIds(workspace, mode);
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsTheServersIdsThroughOraclesPool(Mode mode) throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            PoolDataSource pool = Ucp.pool(Driver.class, mode.url(workspace));
            try (AnnotationConfigApplicationContext context = context(PoolDataSource.class, () -> pool)) {
                work(context.getBean(PoolDataSource.class));
                assertThat(telemetry.events(ConnectionClose.class)).isEmpty();
            } finally {
                Ucp.destroy(pool);
            }
            assertServersIds(workspace, mode);
        }
    }

    /** As the application would do it without us. */
    @Test
    void letsAnUnpooledConnectionAndItsStatementsBeCastToTheDriversInterfaces() throws Exception {
        try (WorkspaceStandIn workspace = workspace();
                AnnotationConfigApplicationContext context = context(
                        DriverManagerDataSource.class, () -> new DriverManagerDataSource(workspace.jdbcUrl()))) {
            try (Connection connection = context.getBean(DataSource.class).getConnection();
                    Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement("SELECT 1")) {
                assertThat(((IDatabricksConnection) connection).getConnectionId())
                        .contains(workspace.sessions().get(0));
                assertThat(((IDatabricksStatement) statement).executeQuery("SELECT 1"))
                        .isInstanceOf(IDatabricksResultSet.class);
                assertThat(prepared).isInstanceOf(IDatabricksStatement.class);
                assertThat(prepared.executeQuery().next()).isTrue();
                assertThat(statement.getConnection()).isSameAs(connection);
                assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
                assertThat(connection.unwrap(Connection.class)).isEqualTo(connection);
                assertThat(connection.unwrap(IDatabricksConnection.class)).isNotSameAs(connection);
            }
        }
        assertThat(telemetry.events(ConnectionOpen.class)).hasSize(1);
        assertThat(telemetry.events(StatementComplete.class)).hasSize(2);
        assertThat(telemetry.events(ConnectionClose.class)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void reportsStatementsThatTheDriverRunsForTheConnection(Mode mode) throws Exception {
        String url = ";IgnoreTransactions=0;EnableSQLValidationForIsValid=1";
        try (WorkspaceStandIn workspace = workspace();
                AnnotationConfigApplicationContext context = context(mode.url(workspace) + url)) {
            try (Connection connection = context.getBean(DataSource.class).getConnection()) {
                int before = workspace.statements().size();
                telemetry.clear();
                connection.setAutoCommit(false);
                connection.setAutoCommit(false);
                connection.commit();
                connection.rollback();
                connection.setCatalog("main");
                connection.setSchema("default");
                connection.setAutoCommit(true);
                connection.getCatalog();
                assertThat(connection.isValid(1)).isTrue();

                assertThat(telemetry.events(StatementStart.class))
                        .hasSize(workspace.statements().size() - before)
                        .hasSize(7)
                        .allMatch(
                                start -> start.internalCall() && start.operation() == OperationType.EXECUTE_STATEMENT);
                assertThat(telemetry.events(StatementComplete.class)).hasSize(7);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsNoStatementForCallsThatTheDriverAnswersItself(Mode mode) throws Exception {
        try (WorkspaceStandIn workspace = workspace();
                AnnotationConfigApplicationContext context = context(mode.url(workspace))) {
            try (Connection connection = context.getBean(DataSource.class).getConnection()) {
                int before = workspace.statements().size();
                telemetry.clear();
                connection.setAutoCommit(false);
                connection.commit();
                connection.rollback();
                assertThat(connection.isValid(1)).isTrue();
                connection.setAutoCommit(true);

                assertThat(workspace.statements()).hasSize(before);
                assertThat(telemetry.events()).isEmpty();
            }
        }
    }

    @Test
    void reportsAFailureOfAStatementThatTheDriverRunsForTheConnection() throws Exception {
        try (WorkspaceStandIn workspace =
                        workspace().answer("COMMIT", new Answer.Failed("25000", "BAD_REQUEST", "no transaction"));
                AnnotationConfigApplicationContext context = context(workspace.jdbcUrl() + ";IgnoreTransactions=0")) {
            try (Connection connection = context.getBean(DataSource.class).getConnection()) {
                connection.setAutoCommit(false);
                telemetry.clear();
                assertThat(catchThrowable(connection::commit)).isInstanceOf(SQLException.class);
                assertThat(telemetry.lines()).containsExactly("start SQL", "failed");
                assertThat(telemetry.events(StatementStart.class)).allMatch(StatementStart::internalCall);
                connection.setAutoCommit(true);
            }
        }
    }

    private void assertServersIds(WorkspaceStandIn workspace, Mode mode) {
        assertThat(telemetry.events(ConnectionOpen.class)).hasSize(1);
        assertThat(telemetry.events(ConnectionClose.class)).hasSize(1);
        assertThat(telemetry.events(ConnectionOpen.class).get(0).session().sessionId())
                .isEqualTo(workspace.sessions().get(0));
        List<StatementComplete> completed = telemetry.events(StatementComplete.class);
        assertThat(completed).hasSameSizeAs(telemetry.events(StatementStart.class));
        // Thrift shows no id of a metadata query; a batch shows its last one; a refused statement has none.
        List<String> expected = workspace.statements().stream()
                .filter(statement -> mode == Mode.SEA || !statement.sql().equals("GetSchemas"))
                .filter(statement -> !statement.sql().contains("batch"))
                .map(ServerStatement::id)
                .toList();
        assertThat(completed.stream()
                        .map(StatementComplete::result)
                        .map(result -> result == null ? null : result.read())
                        .filter(result -> result != null && result.statementId() != null)
                        .map(result -> Objects.requireNonNull(result.statementId()))
                        .filter(id -> !isBatch(workspace, id)))
                .containsExactlyElementsOf(expected);
        assertThat(completed.stream().filter(complete -> complete.error() != null))
                .hasSize(2);
    }

    private static boolean isBatch(WorkspaceStandIn workspace, String id) {
        return workspace.statements().stream()
                .anyMatch(statement ->
                        statement.id().equals(id) && statement.sql().contains("batch"));
    }

    @ParameterizedTest
    @EnumSource
    void reportsChunksThoughTheResultSetIsClosedFirst(Mode mode) throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            try (AnnotationConfigApplicationContext context = context(mode.url(workspace));
                    Connection connection = context.getBean(DataSource.class).getConnection()) {
                read(connection, "SELECT big");
            }
            StatementResult result = onlyResult();
            assertThat(result.format()).isEqualTo(ResultFormat.EXTERNAL_LINKS);
            assertThat(result.chunks().present()).isEqualTo(3);
            assertThat(result.compressed()).isTrue();
        }
    }

    /** As MyBatis does. */
    @ParameterizedTest
    @EnumSource
    void reportsWhatAResultSetTellsThatWasAskedForLater(Mode mode) throws Exception {
        try (WorkspaceStandIn workspace = workspace()
                .answer("SELECT some", new Answer.Rows(Table.numbers(5), Answer.Delivery.INLINE_ARROW, 5, false))) {
            try (AnnotationConfigApplicationContext context = context(mode.url(workspace));
                    Connection connection = context.getBean(DataSource.class).getConnection();
                    Statement statement = connection.createStatement()) {
                for (String sql : List.of("SELECT some", "SELECT big")) {
                    assertThat(statement.execute(sql)).isTrue();
                    try (ResultSet rows = statement.getResultSet()) {
                        assertThat(rows.next()).isTrue();
                    }
                }
            }
            List<StatementResult> results = telemetry.events(StatementComplete.class).stream()
                    .map(InstrumentedDriverTest::result)
                    .toList();
            assertThat(results)
                    .extracting(StatementResult::format)
                    .containsExactly(ResultFormat.INLINE_ARROW, ResultFormat.EXTERNAL_LINKS);
            assertThat(results).extracting(StatementResult::compressed).containsExactly(false, true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsTheServersIdOfAStatementThatTookTooLong(Mode mode) throws Exception {
        Answer never = Answer.never();
        try (WorkspaceStandIn workspace = workspace().answer("SELECT slow", never)) {
            try (AnnotationConfigApplicationContext context = context(mode.url(workspace));
                    Connection connection = context.getBean(DataSource.class).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(1);
                assertThat(catchThrowable(() -> statement.executeQuery("SELECT slow")))
                        .isInstanceOf(SQLTimeoutException.class);
            }
            assertThat(onlyResult().statementId())
                    .isEqualTo(workspace.lastStatement().id());
        }
    }

    private StatementResult onlyResult() {
        assertThat(telemetry.events(StatementComplete.class)).hasSize(1);
        return result(telemetry.events(StatementComplete.class).get(0));
    }

    private static StatementResult result(StatementComplete complete) {
        return Objects.requireNonNull(Objects.requireNonNull(complete.result()).read());
    }

    @Test
    void reportsMetadataAsWhatItLists() throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            try (AnnotationConfigApplicationContext context = context(workspace.jdbcUrl());
                    Connection connection = context.getBean(DataSource.class).getConnection();
                    ResultSet catalogs = connection.getMetaData().getCatalogs();
                    ResultSet schemas = connection.getMetaData().getSchemas("main", null)) {
                assertThat(catalogs.next()).isFalse();
                assertThat(schemas.next()).isFalse();
            }
            assertThat(telemetry.events(StatementStart.class))
                    .extracting(StatementStart::operation)
                    .containsExactly(OperationType.LIST_CATALOGS, OperationType.LIST_SCHEMAS);
            assertThat(telemetry.events(StatementComplete.class))
                    .extracting(complete -> result(complete).statementId())
                    .containsExactlyElementsOf(workspace.statements().stream()
                            .map(ServerStatement::id)
                            .toList());
        }
    }

    @Test
    void leavesTheDriversOwnTelemetryWhereAsked() throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            try (AnnotationConfigApplicationContext context =
                    context(HikariDataSource.class, () -> pool(talkative(workspace)), Map.of())) {
                work(context.getBean(DataSource.class));
            }
            await().atMost(PATIENCE).until(() -> !workspace.telemetryRequests().isEmpty());
        }
    }

    @Test
    void silencesTheDriversOwnTelemetryThoughTheUrlForcesIt() throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            String url = talkative(workspace);
            try (AnnotationConfigApplicationContext context = context(url)) {
                HikariDataSource pool = context.getBean(HikariDataSource.class);
                work(pool);
                assertThat(pool.getJdbcUrl()).isEqualTo(url);
            }
            // The driver sends what it has when its last connection to a host closes, and waits for that.
            assertThat(workspace.telemetryRequests()).isEmpty();
            assertThat(telemetry.events(ConnectionClose.class)).hasSize(1);
        }
    }

    @Test
    void silencesTheDriversOwnTelemetryThoughPropertiesForceIt() throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            String url = workspace.jdbcUrl().replace("EnableTelemetry=0;", "");
            try (AnnotationConfigApplicationContext context = context(HikariDataSource.class, () -> {
                HikariDataSource pool = pool(url);
                pool.addDataSourceProperty("enabletelemetry", "1");
                pool.addDataSourceProperty("forceenabletelemetry", "1");
                return pool;
            })) {
                work(context.getBean(DataSource.class));
            }
            assertThat(workspace.telemetryRequests()).isEmpty();
        }
    }

    /** Where the properties, which the bean shows, are all that there is to change. */
    static Stream<Named<Function<String, DataSource>>> withProperties() {
        return Stream.of(
                Named.of("DriverManagerDataSource", InstrumentedDriverTest::driverManager),
                Named.of("Tomcat JDBC", InstrumentedDriverTest::tomcat),
                Named.of("Commons DBCP", InstrumentedDriverTest::dbcp),
                Named.of("the driver's own", InstrumentedDriverTest::own),
                Named.of("HikariCP that was given the driver's own", InstrumentedDriverTest::hikariOverOwn),
                Named.of("HikariCP that names the driver's own", InstrumentedDriverTest::hikariNamingOwn));
    }

    @ParameterizedTest
    @MethodSource("withProperties")
    void silencesTheDriversOwnTelemetryThroughTheProperties(Function<String, DataSource> dataSource) throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            try (AnnotationConfigApplicationContext context =
                    context(dataSource, workspace, DatabricksDriver.TELEMETRY_OFF)) {
                work(context.getBean(DataSource.class));
                assertDriverTelemetry(DataSourceStatus.DriverTelemetry.REPLACED);
            }
            assertThat(workspace.telemetryRequests()).isEmpty();
            assertThat(telemetry.events(ConnectionOpen.class)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("withProperties")
    void leavesTheDriversOwnTelemetryThatPropertiesForceWhereAsked(Function<String, DataSource> dataSource)
            throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            try (AnnotationConfigApplicationContext context = context(dataSource, workspace, Map.of())) {
                work(context.getBean(DataSource.class));
                assertDriverTelemetry(DataSourceStatus.DriverTelemetry.UNCHANGED);
            }
            await().atMost(PATIENCE).until(() -> !workspace.telemetryRequests().isEmpty());
        }
    }

    @Test
    void leavesTheDriversOwnTelemetryThatTheUrlForcesOutsideOfPools() throws Exception {
        try (WorkspaceStandIn workspace = workspace()) {
            String url = talkative(workspace);
            try (AnnotationConfigApplicationContext context =
                    context(DataSource.class, () -> new DriverManagerDataSource(url))) {
                work(context.getBean(DataSource.class));
                assertDriverTelemetry(DataSourceStatus.DriverTelemetry.LEFT);
                assertThat(context.getBean(DriverManagerDataSource.class).getUrl())
                        .isEqualTo(url);
            }
            await().atMost(PATIENCE).until(() -> !workspace.telemetryRequests().isEmpty());
        }
    }

    private void assertDriverTelemetry(DataSourceStatus.DriverTelemetry expected) {
        assertThat(contexts.status())
                .extracting(DataSourceStatus::driverTelemetry)
                .containsExactly(expected);
    }

    private AnnotationConfigApplicationContext context(
            Function<String, DataSource> dataSource, WorkspaceStandIn workspace, Map<String, String> overrides) {
        String url = workspace.jdbcUrl().replace("EnableTelemetry=0;", "");
        return context(DataSource.class, () -> dataSource.apply(url), overrides);
    }

    private static Properties forcing() {
        Properties properties = new Properties();
        properties.setProperty("enabletelemetry", "1");
        properties.setProperty("forceenabletelemetry", "1");
        properties.setProperty("TelemetryBatchSize", "1");
        properties.setProperty("TelemetryCircuitBreakerEnabled", "0");
        return properties;
    }

    private static DataSource driverManager(String url) {
        DriverManagerDataSource dataSource = new DriverManagerDataSource(url);
        dataSource.setConnectionProperties(forcing());
        return dataSource;
    }

    private static DataSource tomcat(String url) {
        org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
        pool.setUrl(url);
        pool.setDriverClassName(Driver.class.getName());
        pool.setInitialSize(1);
        pool.setDbProperties(forcing());
        return pool;
    }

    private static DataSource dbcp(String url) {
        BasicDataSource pool = new BasicDataSource();
        pool.setUrl(url);
        // It would validate connections, which the driver does by a statement.
        pool.setTestOnBorrow(false);
        forcing().forEach((key, value) -> pool.addConnectionProperty((String) key, (String) value));
        return pool;
    }

    private static DataSource hikariOverOwn(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(own(url));
        pool.setMaximumPoolSize(1);
        return pool;
    }

    private static DataSource hikariNamingOwn(String url) {
        com.databricks.client.jdbc.DataSource own = own(url);
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSourceClassName(own.getClass().getName());
        pool.addDataSourceProperty("host", own.getHost());
        pool.addDataSourceProperty("port", own.getPort());
        pool.addDataSourceProperty("httpPath", own.getHttpPath());
        pool.addDataSourceProperty("properties", own.getProperties());
        pool.setMaximumPoolSize(1);
        return pool;
    }

    private static com.databricks.client.jdbc.DataSource own(String url) {
        com.databricks.client.jdbc.DataSource dataSource = new com.databricks.client.jdbc.DataSource();
        URI authority = URI.create(url.substring("jdbc:databricks:".length(), url.indexOf(';')));
        dataSource.setHost(authority.getHost());
        dataSource.setPort(authority.getPort());
        Properties properties = forcing();
        for (String parameter : url.substring(url.indexOf(';') + 1).split(";", -1)) {
            String[] pair = parameter.split("=", 2);
            properties.setProperty(pair[0], pair[1]);
        }
        dataSource.setHttpPath(properties.getProperty("httpPath"));
        dataSource.setProperties(properties);
        return dataSource;
    }

    private static String talkative(WorkspaceStandIn workspace) {
        return workspace.jdbcUrl().replace("EnableTelemetry=0;", "EnableTelemetry=1;ForceEnableTelemetry=1;")
                + ";TelemetryBatchSize=1;TelemetryCircuitBreakerEnabled=0";
    }

    private static WorkspaceStandIn workspace() throws IOException {
        return WorkspaceStandIn.start()
                .answer("SELECT big", Answer.cloudFetch(Table.numbers(30), 10))
                .answer("SELECT boom", new Answer.Failed("42P01", "BAD_REQUEST", "no"))
                .answer("SELECT no", new Answer.Refused(403, "PERMISSION_DENIED", "no"))
                .answer("SELECT slow", new Answer.Polled(2, Answer.numbers(3)));
    }

    /** Something of everything. */
    private static void work(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            read(connection, "SELECT 1");
            read(connection, "SELECT big");
            read(connection, "SELECT slow");
            try (Statement statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("UPDATE t SET a = 1")).isEqualTo(1);
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (a INT)");
            }
            try (PreparedStatement statement = connection.prepareStatement("INSERT INTO batch VALUES (?)")) {
                for (int i = 0; i < 3; i++) {
                    statement.setInt(1, i);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        }
        try (Connection connection = dataSource.getConnection()) {
            for (String sql : List.of("SELECT boom", "SELECT no")) {
                try (Statement statement = connection.createStatement()) {
                    assertThat(catchThrowable(() -> statement.executeQuery(sql)))
                            .isInstanceOf(SQLException.class);
                }
            }
            try (ResultSet schemas = connection.getMetaData().getSchemas("main", null)) {
                assertThat(schemas.next()).isFalse();
            }
        }
    }

    private static void read(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet resultSet = statement.executeQuery(sql)) {
            for (int i = 0; resultSet.next(); i++) {
                assertThat(resultSet.getInt(1)).isEqualTo(i);
            }
        }
    }

    /** Method, target, headers and body of every request; downloads run side by side, so their order says nothing. */
    private static List<String> requests(WorkspaceStandIn workspace) {
        return workspace.driverRequests().stream()
                .map(request -> request + " " + request.headers() + " " + withoutPort(workspace, request))
                .sorted()
                .toList();
    }

    private static String withoutPort(WorkspaceStandIn workspace, ReceivedRequest request) {
        return request.body().replace(":" + workspace.port(), ":0");
    }

    private static HikariDataSource pool(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(1);
        return pool;
    }

    /** With a HikariCP pool whose driver is silenced. */
    private AnnotationConfigApplicationContext context(String url) {
        return context(HikariDataSource.class, () -> pool(url));
    }

    /** With a data source whose driver is silenced. */
    private <D extends DataSource> AnnotationConfigApplicationContext context(Class<D> type, Supplier<D> pool) {
        return context(type, pool, DatabricksDriver.TELEMETRY_OFF);
    }

    private <D extends DataSource> AnnotationConfigApplicationContext context(
            Class<D> type, Supplier<D> pool, Map<String, String> overrides) {
        contexts.resolve(RecordingTelemetry.resolveAll(new DatabricksDriverAdapter(), overrides));
        return contexts.with(type, pool);
    }
}
