package io.github.databrickstelemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The meters in docs/insight.md are those in the registry, with their kinds, tags, units and values. */
class MeterReferenceTest {

    private static final Pattern METER =
            Pattern.compile("(?m)^\\| `([a-z.]+)` \\| (timer|counter|summary|gauge) \\|([^|]*)\\|([^|]*)\\|.*$");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private final MeteredEngine metered = new MeteredEngine();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private String document = "";

    @BeforeEach
    void work() throws IOException {
        document = Files.readString(Path.of("..", "docs", "insight.md"));
        metered.serviceAnswers.complete(null);
        metered.binder.bindTo(registry);
        TelemetryClient client = metered.client("prod");
        metered.work(client);
        metered.connectionFailures.add(new IOException("refused"));
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        registry.find("databricks.sql.connections").meters().size() == 3
                                && registry.find("db.client.operation.duration")
                                                .timers()
                                                .size()
                                        == 2);
    }

    @AfterEach
    void close() {
        metered.close();
    }

    @Test
    void everyMeterIsDocumentedWithKindTagsAndUnit() {
        Map<String, String> documented = new TreeMap<>();
        Matcher rows = METER.matcher(document);
        while (rows.find()) {
            documented.put(
                    rows.group(1),
                    rows.group(2) + " " + codes(rows.group(3)) + " "
                            + rows.group(4).trim());
        }
        Map<String, String> registered = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            if (meter.getId().getName().endsWith(".histogram")) {
                // The buckets of a timer, as this registry shows them.
                continue;
            }
            Set<String> tags = new TreeSet<>();
            meter.getId().getTags().forEach(tag -> tags.add(tag.getKey()));
            registered.put(meter.getId().getName(), kind(meter) + " " + tags + " " + unit(meter));
        }

        assertThat(documented).isEqualTo(registered);
    }

    @Test
    void everyValueOfATagIsDocumented() {
        assertThat(row("phase")).isEqualTo(values("databricks.sql.phase", "phase"));
        assertThat(row("`outcome` of statements")).isEqualTo(values("databricks.sql.statements", "outcome"));
        assertThat(row("`outcome` of connections")).isEqualTo(values("databricks.sql.connections", "outcome"));
        assertThat(row("type")).isEqualTo(values("databricks.telemetry.events", "type"));
        assertThat(row("`outcome` of metrics")).isEqualTo(values("databricks.telemetry.metrics", "outcome"));
        assertThat(row("reason")).isEqualTo(values("databricks.telemetry.dropped", "reason"));
        assertThat(row("`outcome` of exports")).isEqualTo(values("databricks.telemetry.export", "outcome"));
        assertThat(row("`state` of the breaker"))
                .isEqualTo(values("databricks.telemetry.circuitbreaker.state", "state"));
        assertThat(row("`state` of the flag")).isEqualTo(values("databricks.telemetry.flag.state", "state"));
        assertThat(row("`state` of clients")).isEqualTo(values("databricks.telemetry.client.status", "state"));
    }

    private Set<String> row(String tag) {
        String first = tag.contains("`") ? tag : "`" + tag + "`";
        List<String> rows = Arrays.stream(document.split("\n"))
                .filter(line -> line.startsWith("| " + first + " |"))
                .toList();
        assertThat(rows).as(tag).hasSize(1);
        return codes(rows.get(0).substring(first.length() + 4));
    }

    private Set<String> values(String meter, String tag) {
        Set<String> values = new TreeSet<>();
        registry.find(meter)
                .meters()
                .forEach(
                        found -> values.add(Objects.requireNonNull(found.getId().getTag(tag))));
        return values;
    }

    private static Set<String> codes(String text) {
        Set<String> codes = new TreeSet<>();
        Matcher matcher = CODE.matcher(text);
        while (matcher.find()) {
            codes.add(matcher.group(1));
        }
        return codes;
    }

    private static String kind(Meter meter) {
        return switch (meter.getId().getType()) {
            case TIMER -> "timer";
            case COUNTER -> "counter";
            case DISTRIBUTION_SUMMARY -> "summary";
            default -> "gauge";
        };
    }

    private static String unit(Meter meter) {
        String unit = meter.getId().getBaseUnit();
        boolean timer = meter.getId().getType() == Meter.Type.TIMER;
        return timer || "seconds".equals(unit) ? "seconds" : "";
    }

    @Test
    void everyTagHasAValue() {
        assertThat(registry.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getTags())
                        .extracting(Tag::getValue)
                        .doesNotContain(""));
    }
}
