package io.github.databrickstelemetry.benchmarks.start;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A pooled data source and nothing else. Says how long it took, and ends. Knows nothing of telemetry. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StartUpApplication {

    /** Starts, says how long it took, and ends. */
    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(StartUpApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            long wall = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            long cpu = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
            long main = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("databricks-telemetry-"))
                    .count();
            System.out.printf(
                    "READY %d %d %d %d %d%n",
                    wall,
                    cpu / 1_000_000,
                    main / 1_000_000,
                    ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                    threads);
        }
    }
}
