package io.github.databrickstelemetry.benchmarks.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Numbers on their way to the report: a JSON file per measurement in the directory of the system property {@code results}. */
public final class Results {

    private final ObjectMapper mapper = new ObjectMapper();
    private final ArrayNode rows = mapper.createArrayNode();
    private final Path file;

    /** Results of this name. */
    public Results(String name) {
        this.file = Path.of(System.getProperty("results", "target/results"), name + ".json");
    }

    /** Adds a number, and shows it. */
    public void add(String what, String who, double value, String unit) {
        rows.addObject().put("what", what).put("who", who).put("value", value).put("unit", unit);
        System.out.printf("%-50s %-28s %,14.2f %s%n", what, who, value, unit);
    }

    /** Adds a number with its spread, and shows it. */
    public void add(String what, String who, double value, double low, double high, String unit) {
        rows.addObject()
                .put("what", what)
                .put("who", who)
                .put("value", value)
                .put("low", low)
                .put("high", high)
                .put("unit", unit);
        System.out.printf("%-50s %-28s %,14.3f %s (%,.3f to %,.3f)%n", what, who, value, unit, low, high);
    }

    /** Writes the file. */
    public void write() {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(rows));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
