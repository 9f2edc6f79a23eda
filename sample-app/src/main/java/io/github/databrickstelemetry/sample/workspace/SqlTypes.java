package io.github.databrickstelemetry.sample.workspace;

import io.github.databrickstelemetry.sample.workspace.ResultTable.Column;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;

/** H2's types and error states under the names that Databricks gives them. */
final class SqlTypes {

    private SqlTypes() {}

    static Column column(ResultSetMetaData meta, int i) throws SQLException {
        String name = meta.getColumnLabel(i);
        return switch (meta.getColumnType(i)) {
            case Types.BOOLEAN, Types.BIT -> plain(name, "BOOLEAN", "BOOLEAN");
            case Types.TINYINT -> plain(name, "BYTE", "TINYINT");
            case Types.SMALLINT -> plain(name, "SHORT", "SMALLINT");
            case Types.INTEGER -> plain(name, "INT", "INT");
            case Types.BIGINT -> plain(name, "LONG", "BIGINT");
            case Types.REAL -> plain(name, "FLOAT", "FLOAT");
            case Types.FLOAT, Types.DOUBLE -> plain(name, "DOUBLE", "DOUBLE");
            case Types.DATE -> plain(name, "DATE", "DATE");
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> plain(name, "TIMESTAMP", "TIMESTAMP");
            case Types.DECIMAL, Types.NUMERIC -> {
                int precision = Math.min(38, meta.getPrecision(i));
                int scale = Math.min(precision, meta.getScale(i));
                yield new Column(name, "DECIMAL", "DECIMAL(" + precision + ',' + scale + ')', precision, scale);
            }
            default -> plain(name, "STRING", "STRING");
        };
    }

    /** The SQLState that Databricks answers where H2 answers this one. */
    static String state(String h2) {
        return switch (h2) {
            case "42S02", "42S03", "42S04" -> "42P01";
            case "42S22" -> "42703";
            case "42S01" -> "42P07";
            case "90079" -> "42704";
            case "42000", "42001" -> "42601";
            default -> h2;
        };
    }

    private static Column plain(String name, String typeName, String typeText) {
        return new Column(name, typeName, typeText, 0, 0);
    }
}
