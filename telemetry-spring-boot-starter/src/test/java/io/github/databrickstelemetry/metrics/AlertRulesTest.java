package io.github.databrickstelemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alert rules in docs/alerts.yml. */
class AlertRulesTest {

    private static final Path RULES = Path.of("..", "docs", "alerts.yml");
    private static final Path CASES =
            Path.of("src", "test", "resources", "io", "github", "databrickstelemetry", "metrics", "alerts-test.yml");
    private static final Pattern METRIC = Pattern.compile("\\b(databricks_[a-z_]+|db_client_[a-z_]+)");
    private static final Pattern EXPRESSION = Pattern.compile("(?ms)^ +expr: \\|\\n(.*?)\\n +(?:for|labels):");
    private static final Pattern LABEL = Pattern.compile("(databricks_[a-z_]+)\\{([a-z]+)[!=]");

    /** Of every real Prometheus there is a {@code promtool}; Debian's package is {@code prometheus}. */
    @Test
    void fireWhenTheyShouldAndOnlyThen() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(dir -> Files.isExecutable(Path.of(dir, "promtool"))),
                "promtool is not on the PATH: the alert rules are not tested. Install Prometheus.");
        Process promtool = new ProcessBuilder("promtool", "test", "rules", CASES.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor()).as(output).isZero();
    }

    @Test
    void readOnlyMetricsThatExist() throws IOException {
        try (MeteredEngine metered = new MeteredEngine()) {
            metered.serviceAnswers.complete(null);
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            metered.binder.bindTo(registry);
            metered.work(metered.client("prod"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> registry.scrape().contains("db_client_operation_duration_seconds_bucket"));
            String scrape = registry.scrape();

            Matcher rules = EXPRESSION.matcher(Files.readString(RULES));
            Set<String> read = new TreeSet<>();
            while (rules.find()) {
                Matcher metrics = METRIC.matcher(rules.group(1));
                while (metrics.find()) {
                    if (!metrics.group(1).equals("databricks_data_source")) {
                        read.add(metrics.group(1));
                        assertThat(scrape).contains("\n" + metrics.group(1) + "{");
                    }
                }
                Matcher labels = LABEL.matcher(rules.group(1));
                while (labels.find()) {
                    assertThat(scrape).containsPattern("\\n" + labels.group(1) + "\\{[^}]*" + labels.group(2) + "=\"");
                }
            }
            assertThat(read).hasSizeGreaterThanOrEqualTo(6);
        }
    }
}
