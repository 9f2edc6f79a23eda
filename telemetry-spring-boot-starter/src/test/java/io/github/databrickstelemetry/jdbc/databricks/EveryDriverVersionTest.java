package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.jdbc.datasource.Contexts;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import io.github.databrickstelemetry.standin.Answer;
import io.github.databrickstelemetry.standin.Protocol;
import io.github.databrickstelemetry.standin.Table;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** Each published generation of the driver connects as it does without us, and is silenced only if it can be. */
class EveryDriverVersionTest {

    private static final String DRIVER = "com.databricks.client.jdbc.Driver";

    /** Where the build puts the jars of the versions that are not on the class path. */
    private static final Path JARS = Path.of(System.getProperty("drivers", "target/drivers"));

    private static final List<String> VERSIONS =
            List.of("2.6.40", "2.7.3", "2.8.7", "3.0.3", "3.2.1", "3.3.3", "3.4.1", "3.4.3", "3.4.5");

    private final Contexts contexts = new Contexts();
    private final List<Driver> registered = new ArrayList<>();
    private final ClassLoader original = Thread.currentThread().getContextClassLoader();

    /** HikariCP prefers a registered driver of that name to the one that the context class loader finds. */
    @BeforeEach
    void deregisterTheDriverOfTheClassPath() throws Exception {
        for (Driver driver : DriverManager.drivers().toList()) {
            if (driver.getClass().getName().equals(DRIVER)) {
                DriverManager.deregisterDriver(driver);
                registered.add(driver);
            }
        }
    }

    @AfterEach
    void registerItAgain() throws Exception {
        Thread.currentThread().setContextClassLoader(original);
        for (Driver driver : registered) {
            DriverManager.registerDriver(driver);
        }
    }

    static Stream<Arguments> versions() {
        return VERSIONS.stream()
                .flatMap(version -> Stream.of("", "EnableTelemetry=0;", "enabletelemetry=1;")
                        .map(parameter -> Arguments.of(version, parameter)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void connectsThroughHikari(String version, String parameter) throws Exception {
        try (WorkspaceStandIn workspace = WorkspaceStandIn.start()) {
            String url = url(workspace, version, parameter);
            try (URLClassLoader driver = use(version);
                    HikariDataSource bare = hikari(url)) {
                query(bare);
                try (Connection connection = bare.getConnection()) {
                    assertThat(connection.unwrap(Connection.class).getClass().getClassLoader())
                            .isSameAs(driver);
                }
                int mentioned = mentions(workspace);

                try (AnnotationConfigApplicationContext context = context(hikari(url))) {
                    query(context.getBean(DataSource.class));
                    assertThat(contexts.status().get(0).instrumentation())
                            .isEqualTo(DataSourceStatus.Instrumentation.BELOW_POOL);
                    assertThat(contexts.status().get(0).driverTelemetry())
                            .isEqualTo(
                                    knowsTelemetry(version)
                                            ? DataSourceStatus.DriverTelemetry.REPLACED
                                            : DataSourceStatus.DriverTelemetry.LEFT);
                    assertThat(context.getBean(HikariDataSource.class).getJdbcUrl())
                            .isEqualTo(url);
                }
                assertThat(mentions(workspace))
                        .as("session configuration that the server gets")
                        .isEqualTo(2 * mentioned);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void connectsWithoutAPool(String version, String parameter) throws Exception {
        try (WorkspaceStandIn workspace = WorkspaceStandIn.start()) {
            String url = url(workspace, version, parameter);
            try (URLClassLoader loader = use(version)) {
                Driver driver = (Driver)
                        loader.loadClass(DRIVER).getDeclaredConstructor().newInstance();
                // An application server's thread does not find the driver, the data source's own object does.
                Thread.currentThread().setContextClassLoader(original);
                query(new SimpleDriverDataSource(driver, url));
                int mentioned = mentions(workspace);

                try (AnnotationConfigApplicationContext context = context(new SimpleDriverDataSource(driver, url))) {
                    query(context.getBean(DataSource.class));
                    boolean contradicted = parameter.endsWith("1;");
                    assertThat(contexts.status().get(0).driverTelemetry())
                            .isEqualTo(
                                    knowsTelemetry(version) && !contradicted
                                            ? DataSourceStatus.DriverTelemetry.REPLACED
                                            : DataSourceStatus.DriverTelemetry.LEFT);
                }
                assertThat(mentions(workspace)).isEqualTo(2 * mentioned);
            }
        }
    }

    static Stream<String> versionsThatAreRead() {
        return VERSIONS.stream().filter(EveryDriverVersionTest::knowsTelemetry);
    }

    /** Read by reflection from the driver's internal classes, which any version may rename. */
    @ParameterizedTest
    @MethodSource("versionsThatAreRead")
    void theServersIdsAndTheFormatOfAResultAreRead(String version) throws Exception {
        StatementResult result = read(version, "SELECT 1");

        assertThat(result.format())
                .as("3.0.3 does not tell it")
                .isEqualTo(version.equals("3.0.3") ? ResultFormat.FORMAT_UNSPECIFIED : ResultFormat.INLINE_JSON);
    }

    /** Arrow in older versions needs a flag of the JVM. */
    @ParameterizedTest
    @ValueSource(strings = {"3.3.3", "3.4.1", "3.4.3", "3.4.5"})
    void theChunksOfALargeResultAreRead(String version) throws Exception {
        StatementResult result = read(version, "SELECT big");

        assertThat(result.format()).isEqualTo(ResultFormat.EXTERNAL_LINKS);
        assertThat(result.chunks().present()).isEqualTo(3);
        assertThat(result.compressed()).isTrue();
    }

    private StatementResult read(String version, String sql) throws Exception {
        try (WorkspaceStandIn workspace =
                        WorkspaceStandIn.start().answer("SELECT big", Answer.cloudFetch(Table.numbers(30), 10));
                URLClassLoader loader = use(version)) {
            Driver driver =
                    (Driver) loader.loadClass(DRIVER).getDeclaredConstructor().newInstance();
            DatabricksDriverAdapter adapter = new DatabricksDriverAdapter(loader);
            try (Connection connection = driver.connect(workspace.jdbcUrl(), new Properties());
                    Statement statement = connection.createStatement();
                    ResultSet resultSet = statement.executeQuery(sql)) {
                StatementResult result =
                        Objects.requireNonNull(Objects.requireNonNull(adapter.executed(statement, resultSet, 0))
                                .read());

                assertThat(adapter.sessionId(connection))
                        .isEqualTo(workspace.sessions().get(0));
                assertThat(result.statementId())
                        .isEqualTo(workspace.lastStatement().id());
                return result;
            }
        }
    }

    private static boolean knowsTelemetry(String version) {
        return version.startsWith("3.");
    }

    /** How often the word stands in what opens sessions. */
    private static int mentions(WorkspaceStandIn workspace) {
        return workspace.driverRequests().stream()
                .mapToInt(request ->
                        request.body().toLowerCase(java.util.Locale.ROOT).split("enabletelemetry", -1).length - 1)
                .sum();
    }

    private static String url(WorkspaceStandIn workspace, String version, String parameter) {
        return knowsTelemetry(version)
                ? workspace.jdbcUrl(Protocol.THRIFT).replace("EnableTelemetry=0;", parameter)
                : "jdbc:databricks://127.0.0.1:" + workspace.port() + "/default;transportMode=http;ssl=0;AuthMech=3;"
                        + "UID=token;PWD=" + workspace.token() + ";httpPath=/sql/1.0/warehouses/abc123;" + parameter;
    }

    private static HikariDataSource hikari(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setDriverClassName(DRIVER);
        pool.setMaximumPoolSize(1);
        pool.setConnectionTestQuery("SELECT 1");
        return pool;
    }

    private static void query(DataSource dataSource) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet resultSet = statement.executeQuery("SELECT 1")) {
            assertThat(resultSet.next()).isTrue();
        }
    }

    private AnnotationConfigApplicationContext context(DataSource dataSource) {
        contexts.resolve(RecordingTelemetry.resolveAll(new DatabricksDriverAdapter(), DatabricksDriver.TELEMETRY_OFF));
        return contexts.with(DataSource.class, () -> dataSource);
    }

    /** The driver of this version, and only that, for threads that use it from now on. */
    private URLClassLoader use(String version) throws MalformedURLException {
        Path jar = JARS.resolve("databricks-jdbc-" + version + ".jar");
        if (!Files.exists(jar)) {
            // The one on the class path.
            jar = Path.of(com.databricks.client.jdbc.Driver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            assertThat(jar.toString()).endsWith(version + ".jar");
        }
        URLClassLoader loader = new DriverFirst(jar.toUri().toURL(), original);
        Thread.currentThread().setContextClassLoader(loader);
        return loader;
    }

    private static final class DriverFirst extends URLClassLoader {

        DriverFirst(URL jar, ClassLoader parent) {
            super(new URL[] {jar}, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("com.databricks.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
