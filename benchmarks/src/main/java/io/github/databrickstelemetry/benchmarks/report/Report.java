package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From the results of {@code benchmarks/run} to a file of {@code benchmarks/results}. What was not measured is left out. */
public final class Report {

    /** The pause of the runs with spans, as {@code benchmarks/run} gives it. */
    private static final String TRACED_PAUSE = "4000";

    private static final Map<String, String> LABELS = new LinkedHashMap<>();

    static {
        LABELS.put("bare", "bare");
        LABELS.put("oursDisabled", "ours, disabled");
        LABELS.put("ours", "**ours**");
        LABELS.put("oursMetrics", "**ours**, with meters and recent statements");
        LABELS.put("oursTraced", "**ours**, with these and a span");
        LABELS.put("datasourceProxy", "datasource-proxy 1.11.0, empty listener");
        LABELS.put("datasourceMicrometer", "datasource-micrometer 2.2.1, queries only");
        LABELS.put("datasourceMicrometerTraced", "the same with a span");
        LABELS.put("p6spy", "p6spy 3.9.1, message dropped");
        LABELS.put("openTelemetry", "OpenTelemetry JDBC 2.31.1, batch processor");
        LABELS.put("openTelemetryTraced", "the same within a trace");
    }

    private final ResultFiles files = new ResultFiles();
    private final StringBuilder text = new StringBuilder();

    private Report() {}

    /** Arguments: the file to write, and the mode of the run. */
    public static void main(String[] arguments) throws IOException {
        Report report = new Report();
        report.head(arguments[1]);
        report.text.append(new Targets(report.files).table()).append('\n');
        report.jdbc();
        report.emitter();
        report.encoding();
        report.redaction();
        report.measurements(
                "Throughput without loss",
                "throughput",
                "A producer emits at a steady rate for a quarter of a second at a time, in bursts of at most a millisecond's"
                        + " worth, and the rate is raised until something is dropped. Queues have their defaults, 8,192"
                        + " events and 2,048 spans; ours sends batches of 100 by default and of 1,000 with `batch-size`,"
                        + " OpenTelemetry of 512. The cost leaves out producers and receiver. On two processors, two"
                        + " producers and their consumer share what one producer and the consumer have to themselves.");
        report.measurements("Bytes on the wire", "bytes", "In a batch of 100, without the request's head.");
        report.measurements(
                "Memory, threads, idle CPU",
                "footprint",
                "Heap after full collections. A host's heap includes its HTTP connection and the little server that answers it.");
        report.text.append(new DriverSection(report.files).text());
        report.measurements(
                "Start of an application",
                "start",
                "A web application with the actuator and a HikariCP pool of the Databricks driver (`benchmarks/start/pom.xml`)"
                        + " starts and opens its first connection, which makes our engine. The workspace answers at once."
                        + " datasource-micrometer opens a connection during the start, for the data source's name;"
                        + " OpenTelemetry's starter instruments more than data sources. Medians of starts that take turns;"
                        + " `added` is the median of the differences to the start without a starter in the same round,"
                        + " with its 95 % bootstrap interval.");
        report.measurements(
                "Soak",
                "soak",
                "Workspaces that fail, hang, throttle and refuse at random, tokens that rotate, pools that are replaced, flags"
                        + " that are switched: `benchmarks/run full soak`. The sums are compared with what the application and the"
                        + " workspaces counted themselves.");
        Path file = Path.of(arguments[0]);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, report.text.toString().stripTrailing() + "\n", StandardCharsets.UTF_8);
    }

    private void head(String mode) {
        text.append("# Performance\n\n")
                .append("Written by `benchmarks/run ")
                .append(mode)
                .append("` on ")
                .append(LocalDate.now(ZoneOffset.UTC))
                .append(".\n");
        if (!mode.equals("full")) {
            text.append(
                    mode.equals("quick")
                            ? "\n**A quick run: it shows that everything works, and nothing else.**\n"
                            : "\nA brief run: what the targets are about, with wider error bars than `benchmarks/run full`.\n");
        }
        text.append(
                "\nCompare numbers of one run with each other; none is a promise by itself. Error bars are JMH's 99.9 %"
                        + " confidence\nintervals. CPU and bytes are those of the calling threads, which is what an application's"
                        + " threads pay; the clock also\nsees whatever else runs on the machine. \"Added\" is over `bare`.\n\n");
        Table table = new Table("machine", "");
        table.row("processor", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        table.row("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        table.row("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        text.append(table).append('\n');
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }

    private void jdbc() throws IOException {
        Map<String, List<JmhRow>> groups = new LinkedHashMap<>();
        for (String file : List.of("jdbc-1", "jdbc-paced", "jdbc-traced", "jdbc-2")) {
            for (JmhRow row : files.jmh(file)) {
                groups.computeIfAbsent(title(row), key -> new ArrayList<>()).add(row);
            }
        }
        if (groups.isEmpty()) {
            return;
        }
        text.append("""
                ## A statement

                The stub driver does nothing, so what is left is the instrumentation; H2 shows it in proportion. Without a pause
                the queues behind ours and behind OpenTelemetry overflow, and what is dropped costs less; with a pause of about
                a microsecond nearly everything gets through, as it does in an application. Each peer in its least costly useful form.
                Within a request whose trace is sampled, the pause is ten times as long, so that no span is lost,
                and the peers are compared with ours with a span.

                """);
        groups.forEach((title, rows) -> {
            Table table =
                    new Table("", "ns/op", "CPU ns/op", "CPU added", "times ours", "B/op", "B/op added", "times ours");
            JmhRow bare = Added.find(rows, "bare");
            // Where ours makes a span, that is what the peers are compared with.
            JmhRow traced = Added.find(rows, "oursTraced");
            JmhRow ours = traced.equals(JmhRow.NONE) ? Added.find(rows, "ours") : traced;
            LABELS.forEach((name, label) -> {
                JmhRow row = rows.stream()
                        .filter(candidate ->
                                candidate.parameter("instrumentation").equals(name))
                        .findFirst()
                        .orElse(null);
                if (row != null) {
                    table.row(
                            label,
                            row.primary(),
                            row.secondaryText("cpu.callers"),
                            Added.text(row, bare, "cpu.callers"),
                            Added.timesOurs(row, bare, ours, "cpu.callers"),
                            Table.number(row.secondary("alloc.callers")),
                            Added.text(row, bare, "alloc.callers"),
                            Added.timesOurs(row, bare, ours, "alloc.callers"));
                }
            });
            text.append("### ").append(title).append("\n\n").append(table).append('\n');
        });
    }

    private static String title(JmhRow row) {
        String what = switch (row.benchmark()) {
            case "pointQuery" -> "Prepare, execute, read a row, close";
            case "pooledPointQuery" -> "The same with a connection from a HikariCP pool";
            case "wideRead" -> "Reading 10,000 rows of five columns";
            case "batch" -> "A batch of 100";
            case "failingStatement" -> "A statement that fails";
            default -> row.benchmark();
        };
        return what + ": " + row.parameter("driver") + ", " + row.threads()
                + (row.threads() == 1 ? " thread" : " threads")
                + switch (row.parameter("pause")) {
                    case "0", "" -> "";
                    case TRACED_PAUSE -> ", within a request whose trace is sampled";
                    default -> ", with a pause";
                };
    }

    private void emitter() throws IOException {
        List<JmhRow> rows = files.jmh("emitter");
        if (rows.isEmpty()) {
            return;
        }
        Table table = new Table("", "CPU ns of the caller", "B of the caller");
        for (JmhRow row : rows) {
            table.row(row.benchmark(), row.secondaryText("cpu.callers"), Table.number(row.secondary("alloc.callers")));
        }
        text.append(
                        "## An event\n\nBoth rows hold half a pause and half a clock reading; what is between them is one event,"
                                + " the two of a statement on average.\n\n")
                .append(table)
                .append('\n');
    }

    private void encoding() throws IOException {
        List<JmhRow> rows = files.jmh("encoding");
        if (rows.isEmpty()) {
            return;
        }
        Table table = new Table("", "ns/op", "CPU ns/op", "B/op");
        for (JmhRow row : rows) {
            table.row(
                    row.benchmark(),
                    row.primary(),
                    row.secondaryText("cpu.callers"),
                    Table.number(row.secondary("alloc.callers")));
        }
        text.append("## Serialisation alone\n\n").append(table).append('\n');
    }

    private void redaction() throws IOException {
        List<JmhRow> rows = files.jmh("redaction");
        if (rows.isEmpty()) {
            return;
        }
        Table table = new Table("a megabyte of", "without caps, ms", "as in production, \u00b5s");
        for (JmhRow row : rows) {
            if (row.benchmark().equals("megabyteUncapped")) {
                String capped = rows.stream()
                        .filter(other -> other.benchmark().equals("megabyteAsInProduction")
                                && other.parameter("piece").equals(row.parameter("piece")))
                        .map(JmhRow::primary)
                        .findFirst()
                        .orElse("");
                table.row("`" + row.parameter("piece") + "`", Table.number(row.score() / 1_000), capped);
            }
        }
        text.append("## Redaction of hostile text\n\n").append(table).append('\n');
    }

    private void measurements(String title, String file, String explanation) throws IOException {
        JsonNode rows = files.read(file);
        if (rows.isEmpty()) {
            return;
        }
        Table table = new Table("what", "who", "", "");
        for (JsonNode row : rows) {
            table.row(
                    row.path("what").asText(),
                    row.path("who").asText(),
                    Table.spread(row),
                    row.path("unit").asText());
        }
        text.append("## ")
                .append(title)
                .append("\n\n")
                .append(explanation)
                .append("\n\n")
                .append(table)
                .append('\n');
    }
}
