package io.github.databrickstelemetry.standin;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code SHOW} statements of the driver's {@code DatabaseMetaData}, answered from the information schema. */
final class MetadataStatements {

    private static final Pattern SHOW = Pattern.compile(
            "SHOW (CATALOGS|SCHEMAS|TABLES|COLUMNS|FUNCTIONS|TABLE_TYPES|KEYS|FOREIGN KEYS)"
                    + "(?: IN (?:CATALOG )?(?:ALL CATALOGS|`([^`]*)`))?"
                    + "(?: SCHEMA LIKE '([^']*)')?(?: TABLE LIKE '([^']*)')?(?: LIKE '([^']*)')?.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final String USER_SCHEMAS = " NOT IN ('information_schema', 'public')";

    private static final String SCHEMAS = """
            SELECT schema_name AS "databaseName", CAST(? AS VARCHAR) AS "catalog" FROM information_schema.schemata
            WHERE schema_name LIKE ? AND schema_name""" + USER_SCHEMAS + " ORDER BY 1";

    private static final String TABLES = """
            SELECT CAST(? AS VARCHAR) AS "catalogName", table_schema AS "namespace", table_name AS "tableName",
            'TABLE' AS "tableType", CAST(NULL AS VARCHAR) AS "remarks" FROM information_schema.tables
            WHERE table_schema LIKE ? AND table_name LIKE ? AND table_schema""" + USER_SCHEMAS + " ORDER BY 2, 3";

    private static final String COLUMNS = """
            SELECT CAST(? AS VARCHAR) AS "catalogName", table_schema AS "namespace", table_name AS "tableName",
            column_name AS "col_name", CASE data_type WHEN 'CHARACTER VARYING' THEN 'STRING' WHEN 'INTEGER' THEN 'INT'
            WHEN 'DOUBLE PRECISION' THEN 'DOUBLE'
            WHEN 'NUMERIC' THEN 'DECIMAL(' || numeric_precision || ',' || numeric_scale || ')'
            ELSE data_type END AS "columnType", CAST(NULL AS INT) AS "columnSize", numeric_scale AS "decimalDigits",
            numeric_precision_radix AS "radix", is_nullable AS "isNullable", CAST(NULL AS VARCHAR) AS "remarks",
            ordinal_position - 1 AS "ordinalPosition", 'NO' AS "isAutoIncrement", 'NO' AS "isGenerated"
            FROM information_schema.columns
            WHERE table_schema LIKE ? AND table_name LIKE ? AND column_name LIKE ? AND table_schema""" + USER_SCHEMAS + " ORDER BY 2, 3, ordinal_position";

    private MetadataStatements() {}

    /** The result, where the statement is one of these. */
    static Optional<Table> run(String catalog, Connection connection, String sql) throws SQLException {
        Matcher show = SHOW.matcher(sql.strip());
        if (!show.matches()) {
            return Optional.empty();
        }
        boolean known = show.group(2) == null || show.group(2).equalsIgnoreCase(catalog);
        String schema = known ? like(show.group(3)) : "";
        String table = like(show.group(4));
        String last = like(show.group(5));
        return Optional.of(
                switch (show.group(1).toUpperCase(Locale.ROOT)) {
                    case "CATALOGS" -> Table.of("catalog STRING").row(catalog);
                    case "TABLE_TYPES" -> Table.of("TABLE_TYPE STRING").row("TABLE");
                    case "SCHEMAS" -> query(connection, SCHEMAS, catalog, known ? last : "");
                    case "TABLES" -> query(connection, TABLES, catalog, schema, last);
                    case "COLUMNS" -> query(connection, COLUMNS, catalog, schema, table, last);
                    case "FUNCTIONS" ->
                        empty("functionName", "namespace", "catalogName", "remarks", "functionType", "specificName");
                    default -> empty("catalogName", "namespace", "tableName", "col_name", "keySeq", "constraintName");
                });
    }

    private static String like(@Nullable String pattern) {
        return pattern == null ? "%" : pattern.replace('*', '%').toLowerCase(Locale.ROOT);
    }

    private static Table empty(String... names) {
        List<String> columns =
                Arrays.stream(names).map(name -> name + " STRING").toList();
        return Table.of(columns.toArray(String[]::new));
    }

    private static Table query(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet resultSet = statement.executeQuery()) {
                return Table.read(resultSet);
            }
        }
    }
}
