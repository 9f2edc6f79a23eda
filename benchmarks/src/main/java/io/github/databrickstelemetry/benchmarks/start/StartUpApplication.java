package io.github.databrickstelemetry.benchmarks.start;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A pooled data source and nothing else. Says how long its start took, and its first connection if it is to open one,
 * and ends. Knows nothing of telemetry.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StartUpApplication {

    /** What a line with a measured number begins with; number, name and unit follow, with tabs between them. */
    public static final String MEASURED = "MEASURED\t";

    /** The property that has it open a connection. */
    public static final String CONNECT = "connect";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Starts, says how long it took, and ends. */
    public static void main(String[] arguments) throws SQLException {
        SpringApplication application = new SpringApplication(StartUpApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            long wall = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            long cpu = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
            long main = THREADS.getCurrentThreadCpuTime();
            if (context.getEnvironment().getProperty(CONNECT, Boolean.class, false)) {
                connect(context.getBean(DataSource.class), main);
                return;
            }
            say("start", "ms", wall);
            say("CPU until started", "ms", cpu / 1_000_000);
            say("CPU of the starting thread", "ms", main / 1_000_000);
            say("classes loaded", "", ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
            say(
                    "threads of telemetry",
                    "",
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("databricks-telemetry-"))
                            .count());
        }
    }

    private static void connect(DataSource dataSource, long cpuBefore) throws SQLException {
        long begin = System.nanoTime();
        dataSource.getConnection().close();
        say("first connection", "ms", (System.nanoTime() - begin) / 1_000_000);
        say("CPU of the first connection's thread", "ms", (THREADS.getCurrentThreadCpuTime() - cpuBefore) / 1_000_000);
    }

    private static void say(String what, String unit, long value) {
        System.out.println(MEASURED + value + "\t" + what + "\t" + unit);
    }
}
