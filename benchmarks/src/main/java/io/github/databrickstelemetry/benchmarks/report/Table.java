package io.github.databrickstelemetry.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** A table in Markdown. */
final class Table {

    private final StringBuilder text = new StringBuilder();

    Table(String... columns) {
        row(columns);
        text.append("|---".repeat(columns.length)).append("|\n");
    }

    void row(String... cells) {
        for (String cell : cells) {
            text.append("| ").append(cell).append(' ');
        }
        text.append("|\n");
    }

    /** A number of ours, with its spread if it has one; nothing if it was not measured. */
    static String spread(JsonNode row) {
        if (row.isMissingNode()) {
            return "";
        }
        String value = number(row.path("value").asDouble());
        return row.has("low")
                ? value + " (" + number(row.path("low").asDouble()) + " to "
                        + number(row.path("high").asDouble()) + ")"
                : value;
    }

    /** Three significant digits at least; whole numbers without decimals; nothing for what is not a number. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%,.1f" : "%,.2f";
        return String.format(Locale.ROOT, format, value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
