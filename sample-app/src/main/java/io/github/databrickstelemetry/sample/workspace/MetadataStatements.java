package io.github.databrickstelemetry.sample.workspace;

import io.github.databrickstelemetry.sample.workspace.ResultTable.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code SHOW} statements that the driver's {@code DatabaseMetaData} runs, answered from H2's own schema. */
final class MetadataStatements {

    private static final Pattern SHOW = Pattern.compile(
            "SHOW (CATALOGS|SCHEMAS|TABLES|COLUMNS|FUNCTIONS|TABLE_TYPES|KEYS|FOREIGN KEYS)"
                    + "(?: IN (?:CATALOG )?(?:ALL CATALOGS|`([^`]*)`))?"
                    + "(?: SCHEMA LIKE '([^']*)')?(?: TABLE LIKE '([^']*)')?(?: LIKE '([^']*)')?.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final String USER_SCHEMAS = " NOT IN ('information_schema', 'public')";

    private MetadataStatements() {}

    /** The result, where the statement is one of these. */
    static Optional<ResultTable> run(Connection connection, String sql) throws SQLException {
        Matcher show = SHOW.matcher(sql.strip());
        if (!show.matches()) {
            return Optional.empty();
        }
        String catalog = show.group(2);
        boolean known = catalog == null || catalog.equalsIgnoreCase(SampleData.CATALOG);
        String schema = known ? like(show.group(3)) : "";
        String third = like(show.group(4));
        String last = like(show.group(5));
        return Optional.of(
                switch (show.group(1).toUpperCase(Locale.ROOT)) {
                    case "CATALOGS" -> table(List.of("catalog"), new @Nullable String[] {SampleData.CATALOG});
                    case "TABLE_TYPES" -> table(List.of("TABLE_TYPE"), new @Nullable String[] {"TABLE"});
                    case "SCHEMAS" ->
                        query(
                                connection,
                                "SELECT schema_name AS \"databaseName\", '" + SampleData.CATALOG
                                        + "' AS \"catalog\" FROM information_schema.schemata"
                                        + " WHERE schema_name LIKE ? AND schema_name" + USER_SCHEMAS + " ORDER BY 1",
                                known ? last : "");
                    case "TABLES" ->
                        query(
                                connection,
                                "SELECT '" + SampleData.CATALOG + "' AS \"catalogName\", table_schema AS \"namespace\","
                                        + " table_name AS \"tableName\", 'TABLE' AS \"tableType\","
                                        + " CAST(NULL AS VARCHAR) AS \"remarks\" FROM information_schema.tables"
                                        + " WHERE table_schema LIKE ? AND table_name LIKE ? AND table_schema"
                                        + USER_SCHEMAS + " ORDER BY 2, 3",
                                schema,
                                last);
                    case "COLUMNS" ->
                        query(
                                connection,
                                "SELECT '" + SampleData.CATALOG + "' AS \"catalogName\", table_schema AS \"namespace\","
                                        + " table_name AS \"tableName\", column_name AS \"col_name\","
                                        + " CASE data_type WHEN 'CHARACTER VARYING' THEN 'STRING'"
                                        + " WHEN 'INTEGER' THEN 'INT' WHEN 'DOUBLE PRECISION' THEN 'DOUBLE'"
                                        + " WHEN 'NUMERIC' THEN 'DECIMAL(' || numeric_precision || ',' || numeric_scale"
                                        + " || ')' ELSE data_type END AS \"columnType\","
                                        + " CAST(NULL AS INT) AS \"columnSize\", numeric_scale AS \"decimalDigits\","
                                        + " numeric_precision_radix AS \"radix\", is_nullable AS \"isNullable\","
                                        + " CAST(NULL AS VARCHAR) AS \"remarks\","
                                        + " ordinal_position - 1 AS \"ordinalPosition\", 'NO' AS \"isAutoIncrement\","
                                        + " 'NO' AS \"isGenerated\" FROM information_schema.columns"
                                        + " WHERE table_schema LIKE ? AND table_name LIKE ? AND column_name LIKE ?"
                                        + " AND table_schema" + USER_SCHEMAS + " ORDER BY 2, 3, ordinal_position",
                                schema,
                                third,
                                last);
                    case "FUNCTIONS" ->
                        table(List.of(
                                "functionName", "namespace", "catalogName", "remarks", "functionType", "specificName"));
                    default ->
                        table(List.of("catalogName", "namespace", "tableName", "col_name", "keySeq", "constraintName"));
                });
    }

    private static String like(@Nullable String pattern) {
        return pattern == null ? "%" : pattern.replace('*', '%').toLowerCase(Locale.ROOT);
    }

    private static ResultTable table(List<String> names, @Nullable String[]... rows) {
        return new ResultTable(names.stream().map(Column::text).toList(), List.<@Nullable String[]>of(rows));
    }

    private static ResultTable query(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet resultSet = statement.executeQuery()) {
                return ResultTable.read(resultSet);
            }
        }
    }
}
