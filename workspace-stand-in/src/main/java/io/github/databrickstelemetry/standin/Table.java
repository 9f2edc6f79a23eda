package io.github.databrickstelemetry.standin;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result.
 *
 * @param columns at least one
 * @param rows values as text, as {@code CAST(value AS STRING)} writes them; {@code null} is SQL's NULL
 */
public record Table(List<Column> columns, List<List<@Nullable String>> rows) {

    private static final Pattern COLUMN = Pattern.compile("\\s*(\\S+)\\s+([A-Za-z]+)(?:\\((\\d+),\\s*(\\d+)\\))?\\s*");

    /** A column's type. */
    public enum Type {
        /** True or false. */
        BOOLEAN("BOOLEAN"),
        /** One byte. */
        TINYINT("BYTE"),
        /** Two bytes. */
        SMALLINT("SHORT"),
        /** Four bytes. */
        INT("INT"),
        /** Eight bytes. */
        BIGINT("LONG"),
        /** Four bytes, floating point. */
        FLOAT("FLOAT"),
        /** Eight bytes, floating point. */
        DOUBLE("DOUBLE"),
        /** With precision and scale. */
        DECIMAL("DECIMAL"),
        /** A day. */
        DATE("DATE"),
        /** With microseconds. */
        TIMESTAMP("TIMESTAMP"),
        /** Text. */
        STRING("STRING");

        /** What the Statement Execution API calls it. */
        final String apiName;

        Type(String apiName) {
            this.apiName = apiName;
        }
    }

    /**
     * A column.
     *
     * @param name its label
     * @param type its type
     * @param precision of a DECIMAL, else 0
     * @param scale of a DECIMAL, else 0
     */
    public record Column(String name, Type type, int precision, int scale) {

        /** Reads {@code price DECIMAL(10,2)} or {@code id BIGINT}. */
        static Column parse(String definition) {
            Matcher matcher = COLUMN.matcher(definition);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("Not a name and a type: " + definition);
            }
            Type type = Type.valueOf(matcher.group(2).toUpperCase(Locale.ROOT));
            return new Column(matcher.group(1), type, number(matcher.group(3)), number(matcher.group(4)));
        }

        private static int number(@Nullable String digits) {
            return digits == null ? 0 : Integer.parseInt(digits);
        }

        String typeText() {
            return type == Type.DECIMAL ? "DECIMAL(" + precision + "," + scale + ")" : type.name();
        }

        private static Column of(ResultSetMetaData meta, int i) throws SQLException {
            String name = meta.getColumnLabel(i);
            return switch (meta.getColumnType(i)) {
                case Types.BOOLEAN, Types.BIT -> new Column(name, Type.BOOLEAN, 0, 0);
                case Types.TINYINT -> new Column(name, Type.TINYINT, 0, 0);
                case Types.SMALLINT -> new Column(name, Type.SMALLINT, 0, 0);
                case Types.INTEGER -> new Column(name, Type.INT, 0, 0);
                case Types.BIGINT -> new Column(name, Type.BIGINT, 0, 0);
                case Types.REAL -> new Column(name, Type.FLOAT, 0, 0);
                case Types.FLOAT, Types.DOUBLE -> new Column(name, Type.DOUBLE, 0, 0);
                case Types.DATE -> new Column(name, Type.DATE, 0, 0);
                case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> new Column(name, Type.TIMESTAMP, 0, 0);
                case Types.DECIMAL, Types.NUMERIC -> {
                    int precision = Math.min(38, meta.getPrecision(i));
                    yield new Column(name, Type.DECIMAL, precision, Math.min(precision, meta.getScale(i)));
                }
                default -> new Column(name, Type.STRING, 0, 0);
            };
        }
    }

    /**
     * A table without rows.
     *
     * @param columns names and types, such as {@code "id BIGINT", "price DECIMAL(10,2)"}
     * @throws IllegalArgumentException where one is not a name and a known type
     */
    public static Table of(String... columns) {
        return new Table(Arrays.stream(columns).map(Column::parse).toList(), List.of());
    }

    /** One INT column {@code n} with the values from 0. */
    public static Table numbers(int count) {
        List<List<@Nullable String>> rows = new ArrayList<>(count);
        IntStream.range(0, count).forEach(n -> rows.add(List.of(Integer.toString(n))));
        return new Table(of("n INT").columns, rows);
    }

    /** This table with one row more. Values become text by {@link String#valueOf(Object)}; null stays null. */
    public Table row(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        List<@Nullable String> row = new ArrayList<>(values.length);
        for (Object value : values) {
            row.add(value == null ? null : value.toString());
        }
        List<List<@Nullable String>> more = new ArrayList<>(rows);
        more.add(Collections.unmodifiableList(row));
        return new Table(columns, Collections.unmodifiableList(more));
    }

    static Table read(ResultSet resultSet) throws SQLException {
        ResultSetMetaData meta = resultSet.getMetaData();
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(Column.of(meta, i));
        }
        List<List<@Nullable String>> rows = new ArrayList<>();
        while (resultSet.next()) {
            @Nullable String[] row = new @Nullable String[columns.size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = resultSet.getString(i + 1);
            }
            rows.add(Arrays.asList(row));
        }
        return new Table(columns, rows);
    }
}
