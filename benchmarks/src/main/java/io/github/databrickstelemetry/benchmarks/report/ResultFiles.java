package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that {@code benchmarks/run} left, in the directory of the system property {@code results}. */
final class ResultFiles {

    private final Path directory;
    private final ObjectMapper mapper = new ObjectMapper();

    ResultFiles() {
        this(Path.of(System.getProperty("results", "target/results")));
    }

    ResultFiles(Path directory) {
        this.directory = directory;
    }

    /** A file of JMH's; empty if it was not measured. */
    List<JmhRow> jmh(String name) throws IOException {
        List<JmhRow> rows = new ArrayList<>();
        read(name).forEach(json -> rows.add(JmhRow.of(json)));
        return rows;
    }

    /** A file of ours; empty if it was not measured. */
    JsonNode read(String name) throws IOException {
        Path file = directory.resolve(name + ".json");
        return Files.exists(file) ? mapper.readTree(file.toFile()) : mapper.createArrayNode();
    }

    /** One number of ours; not a number if it was not measured. */
    double value(String name, String what, String who) throws IOException {
        return row(name, what, who).path("value").asDouble(Double.NaN);
    }

    /** One row of ours; a missing node if it was not measured. */
    JsonNode row(String name, String what, String who) throws IOException {
        for (JsonNode row : read(name)) {
            if (row.path("what").asText().equals(what)
                    && row.path("who").asText().equals(who)) {
                return row;
            }
        }
        return MissingNode.getInstance();
    }
}
