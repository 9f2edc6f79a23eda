package io.github.databrickstelemetry.benchmarks.start;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A web application with the actuator and a pooled data source. Prints how long its start and its first connection took,
 * and ends. Knows nothing of telemetry.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StartUpApplication {

    /** What a line with a measured number begins with; number, name and unit follow, with tabs between them. */
    public static final String MEASURED = "MEASURED\t";

    /** The name of the sum of both times. */
    public static final String BOTH = "start and first connection";

    /** Starts, opens a connection, prints the times in milliseconds, and ends. */
    public static void main(String[] arguments) throws SQLException {
        long jvmStart = ManagementFactory.getRuntimeMXBean().getStartTime();
        try (ConfigurableApplicationContext context = SpringApplication.run(StartUpApplication.class, arguments)) {
            long started = System.currentTimeMillis();
            context.getBean(DataSource.class).getConnection().close();
            long connected = System.currentTimeMillis();
            long cpu = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
            print("start", started - jvmStart);
            print("first connection", connected - started);
            print(BOTH, connected - jvmStart);
            print("CPU of the process until then", cpu / 1_000_000);
        }
    }

    private static void print(String what, long millis) {
        System.out.println(MEASURED + millis + "\t" + what);
    }
}
