package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.mchange.v2.c3p0.PooledDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.metadata.HikariDataSourcePoolMetadata;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jmx.export.annotation.AnnotationMBeanExporter;

/** Whatever the application injects its data source as, it can go on to do so. */
class BeanTypesTest {

    private static final List<String> STATEMENT = List.of("open", "start QUERY", "complete");

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();
    private final String url = contexts.url();

    BeanTypesTest() {
        // A wish to silence the driver, which is granted only where everything is reported.
        contexts.resolve(RecordingTelemetry.resolveAll(DriverAdapter.NONE, Map.of("MODE", "MySQL")));
    }

    /** The application's own data source, as Kotlin makes every class. */
    public static final class FinalDataSource extends DriverManagerDataSource {

        public FinalDataSource(String url) {
            super(url);
        }
    }

    static class ByClass<D extends DataSource> {

        final D injected;

        ByClass(D injected) {
            this.injected = injected;
        }
    }

    private ComboPooledDataSource c3p0() {
        ComboPooledDataSource pool = new ComboPooledDataSource();
        pool.setJdbcUrl(url);
        pool.setInitialPoolSize(1);
        pool.setMinPoolSize(1);
        return pool;
    }

    @Test
    void leavesC3p0AloneThatIsInjectedByItsClass() throws SQLException {
        assertLeftAlone(ComboPooledDataSource.class, this::c3p0, "ComboPooledDataSource is final");
    }

    @Test
    void leavesAFinalClassOfTheApplicationAloneAndTheDriverAsItWas() throws SQLException {
        assertLeftAlone(FinalDataSource.class, () -> new FinalDataSource(url), "FinalDataSource is final");
    }

    private <D extends DataSource> void assertLeftAlone(Class<D> type, Supplier<D> dataSource, String reason)
            throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("pool", type, dataSource);
            beans.registerBean(ByClass.class, () -> new ByClass<>(beans.getBean(type)));
        })) {
            D bean = context.getBean(type);
            assertThat(bean.getClass()).isEqualTo(type);
            assertThat(context.getBean(ByClass.class).injected).isSameAs(bean);
            Contexts.query(bean);
            assertThat(telemetry.lines()).isEmpty();
            assertThat(Contexts.mode(bean)).as("the driver's own telemetry").isEqualTo("REGULAR");
            assertThat(contexts.status()).singleElement().satisfies(status -> {
                assertThat(status.instrumentation()).isEqualTo(Instrumentation.NONE);
                assertThat(status.driverTelemetry()).isEqualTo(DriverTelemetry.LEFT);
                assertThat(status.reason()).contains(reason);
            });
        }
    }

    @Test
    void keepsEveryInterfaceOfAFinalClassThatIsDeclaredByOne() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(PooledDataSource.class, () -> (PooledDataSource) c3p0())) {
            PooledDataSource pool = context.getBean(PooledDataSource.class);
            assertThat(pool).isInstanceOf(AutoCloseable.class).isInstanceOf(javax.naming.Referenceable.class);
            Contexts.query(pool);
            assertThat(pool.getNumConnectionsDefaultUser()).isPositive();
            assertThat(telemetry.lines()).isEqualTo(STATEMENT);
        }
        assertThat(telemetry.lines()).as("closed by the context").endsWith("close");
    }

    @Test
    void keepsAgroalsInterface() throws SQLException {
        AgroalDataSourceConfigurationSupplier configuration = new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(
                        pool -> pool.maxSize(1).connectionFactoryConfiguration(factory -> factory.jdbcUrl(url)));
        try (AnnotationConfigApplicationContext context = contexts.with(AgroalDataSource.class, () -> {
            try {
                return AgroalDataSource.from(configuration);
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        })) {
            AgroalDataSource pool = context.getBean(AgroalDataSource.class);
            Contexts.query(pool);
            assertThat(pool.getMetrics()).isNotNull();
            assertThat(telemetry.lines()).isEqualTo(STATEMENT);
        }
    }

    @Test
    void keepsAnEmbeddedDatabase() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(
                EmbeddedDatabase.class,
                () -> new EmbeddedDatabaseBuilder()
                        .setType(EmbeddedDatabaseType.H2)
                        .generateUniqueName(true)
                        .build())) {
            EmbeddedDatabase database = context.getBean(EmbeddedDatabase.class);
            Contexts.query(database);
            assertThat(telemetry.lines()).startsWith("open", "start QUERY", "complete");
        }
    }

    private HikariDataSource started() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    @Test
    void showsTheMetricsOfAStartedHikariPool() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, this::started)) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            assertThat(new HikariDataSourcePoolMetadata(pool).getMax()).isEqualTo(3);
            try (var connection = pool.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
                assertThat(new HikariDataSourcePoolMetadata(pool).getActive()).isEqualTo(1);
            }
        }
    }

    @Test
    void exportsAStartedHikariPoolByJmxAsWithoutUs() throws Exception {
        Consumer<AnnotationConfigApplicationContext> exporting = beans -> {
            beans.registerBean("pool", HikariDataSource.class, this::started);
            beans.registerBean(AnnotationMBeanExporter.class, () -> {
                AnnotationMBeanExporter exporter = new AnnotationMBeanExporter();
                exporter.setServer(ManagementFactory.getPlatformMBeanServer());
                return exporter;
            });
        };
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName pattern = new ObjectName("com.zaxxer.hikari:name=pool,*");
        List<ObjectName> bare;
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            exporting.accept(context);
            context.refresh();
            bare = List.copyOf(server.queryNames(pattern, null));
        }
        assertThat(bare).hasSize(1);
        try (AnnotationConfigApplicationContext context = contexts.with(exporting)) {
            assertThat(server.queryNames(pattern, null)).containsExactlyElementsOf(bare);
            assertThat(server.getAttribute(bare.get(0), "MaximumPoolSize")).isEqualTo(3);
            Contexts.query(context.getBean(DataSource.class));
            assertThat(telemetry.lines()).isEqualTo(STATEMENT);
        }
    }

    @Test
    void leavesASpiedHikariPoolToBeVerified() throws SQLException {
        HikariDataSource spied = spy(started());
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, () -> spied)) {
            HikariDataSource bean = context.getBean(HikariDataSource.class);
            Contexts.query(bean);
            verify(bean).getConnection();
            assertThat(telemetry.lines()).isEqualTo(STATEMENT);
        }
    }

    static class Injected {

        @Autowired
        HikariDataSource byClass;

        @Autowired
        DataSource byInterface;
    }

    @Test
    void isInjectedByClassAndByInterface() {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("pool", HikariDataSource.class, this::started);
            beans.registerBean(Injected.class);
        })) {
            Injected injected = context.getBean(Injected.class);
            assertThat(injected.byClass).isSameAs(injected.byInterface);
        }
    }
}
