package io.github.databrickstelemetry.benchmarks.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.client.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.http.CredentialSource;
import io.github.databrickstelemetry.jdbc.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.jdbc.ObservedDataSource;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriverAdapter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** One process of {@link DriverComparison}: cycles of open, {@code SELECT 1}, close; prints medians as JSON. */
public final class DriverCycles {

    private static final int WARM_UP = 50;

    private DriverCycles() {}

    /** Arguments: {@code none}, {@code ours} or {@code driver}; URL; token; number of cycles. */
    public static void main(String[] arguments) throws SQLException {
        String telemetry = arguments[0];
        String token = arguments[2];
        String url = telemetry.equals("driver")
                ? arguments[1].replace("EnableTelemetry=0", "EnableTelemetry=1;ForceEnableTelemetry=1")
                : arguments[1];
        int cycles = Integer.parseInt(arguments[3]);
        DataSource dataSource = new DriverManagerDataSource(url, "token", token);
        TelemetryEngine engine = null;
        if (telemetry.equals("ours")) {
            engine = Engines.sending();
            dataSource = observe(dataSource, engine, url, token);
        }
        long[][] times = new long[4][cycles];
        for (int i = -Math.min(WARM_UP, cycles); i < cycles; i++) {
            cycle(dataSource, times, i);
        }
        ObjectNode result = new ObjectMapper().createObjectNode();
        String[] names = {"open", "SELECT 1", "close", "CPU of the calling thread"};
        for (int i = 0; i < names.length; i++) {
            Arrays.sort(times[i]);
            result.put(names[i], times[i][cycles / 2] / (i == 3 ? 1e3 : 1e6));
        }
        System.out.println(result);
        System.out.flush();
        if (engine != null) {
            engine.close();
        }
        // As when main returns: threads that are no daemons would keep the process alive.
    }

    private static void cycle(DataSource dataSource, long[][] times, int cycle) throws SQLException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        Connection connection = dataSource.getConnection();
        long opened = System.nanoTime();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            rows.next();
            rows.getInt(1);
        }
        long read = System.nanoTime();
        connection.close();
        long closed = System.nanoTime();
        if (cycle >= 0) {
            times[0][cycle] = opened - begin;
            times[1][cycle] = read - opened;
            times[2][cycle] = closed - read;
            times[3][cycle] = threads.getCurrentThreadCpuTime() - cpu;
        }
    }

    private static DataSource observe(DataSource dataSource, TelemetryEngine engine, String url, String token) {
        String authority =
                URI.create(url.substring("jdbc:".length(), url.indexOf(';'))).getAuthority();
        ObservedDataSource observed = new ObservedDataSource(
                "dataSource",
                Engines.target("http://" + authority, new Token(token)),
                ConnectionDetails.UNKNOWN,
                new DatabricksDriverAdapter(),
                Map.of());
        DataSourceTelemetryPostProcessor postProcessor =
                new DataSourceTelemetryPostProcessor(() -> (beanName, source) -> observed, () -> engine);
        Object before = postProcessor.postProcessBeforeInitialization(dataSource, "dataSource");
        return (DataSource) postProcessor.postProcessAfterInitialization(before, "dataSource");
    }

    private record Token(String value) implements CredentialSource {
        @Override
        public String identity() {
            return "driver";
        }

        @Override
        public @Nullable String authorization() {
            return "Bearer " + value;
        }

        @Override
        public String toString() {
            return "Token";
        }
    }
}
