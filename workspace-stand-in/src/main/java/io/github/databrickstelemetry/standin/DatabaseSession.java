package io.github.databrickstelemetry.standin;

import io.github.databrickstelemetry.standin.StatementRequest.Parameter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A session that a database answers. Thread-safe, as its connection is. */
final class DatabaseSession implements AutoCloseable {

    static final int ROWS_PER_CHUNK = 5_000;

    private static final Pattern UPDATE =
            Pattern.compile("\\s*(INSERT|UPDATE|DELETE|MERGE)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final String catalog;
    private final Connection connection;
    private final Executor executor;

    /** A statement that runs. */
    record Running(CompletableFuture<Answer> later, Runnable cancel) {}

    DatabaseSession(String catalog, Connection connection, Executor executor) {
        this.catalog = catalog;
        this.connection = connection;
        this.executor = executor;
    }

    Running submit(StatementRequest request) {
        AtomicReference<@Nullable Statement> running = new AtomicReference<>();
        return new Running(
                CompletableFuture.supplyAsync(() -> run(request, running), executor), () -> cancel(running.get()));
    }

    private Answer run(StatementRequest request, AtomicReference<@Nullable Statement> running) {
        try {
            Optional<Table> metadata = MetadataStatements.run(catalog, connection, request.sql());
            return metadata.isPresent() ? Answer.rows(metadata.get()) : execute(request, running);
        } catch (SQLException e) {
            String message = "[" + e.getClass().getSimpleName() + "] " + e.getMessage();
            return new Answer.Failed(state(String.valueOf(e.getSQLState())), "BAD_REQUEST", message);
        } catch (RuntimeException e) {
            return new Answer.Failed("XX000", "INTERNAL_ERROR", String.valueOf(e));
        }
    }

    private Answer execute(StatementRequest request, AtomicReference<@Nullable Statement> running) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(request.sql())) {
            running.set(statement);
            for (Parameter parameter : request.parameters()) {
                bind(statement, parameter);
            }
            if (!statement.execute()) {
                return UPDATE.matcher(request.sql()).matches()
                        ? new Answer.Updated(statement.getUpdateCount())
                        : new Answer.Done();
            }
            try (ResultSet resultSet = statement.getResultSet()) {
                Table table = Table.read(resultSet);
                boolean large = request.cloudFetch() && table.rows().size() > ROWS_PER_CHUNK;
                return large
                        ? Answer.cloudFetch(table, ROWS_PER_CHUNK)
                        : new Answer.Rows(table, Answer.Delivery.INLINE, ROWS_PER_CHUNK, false);
            }
        } finally {
            running.set(null);
        }
    }

    private static void bind(PreparedStatement statement, Parameter parameter) throws SQLException {
        String value = parameter.value();
        Object bound = value == null
                ? null
                : switch (parameter.type().toUpperCase(Locale.ROOT)) {
                    case "INT", "LONG", "BIGINT", "SHORT", "SMALLINT", "BYTE", "TINYINT" -> Long.valueOf(value);
                    case "DOUBLE", "FLOAT" -> Double.valueOf(value);
                    case "BOOLEAN" -> Boolean.valueOf(value);
                    default -> value;
                };
        statement.setObject(parameter.ordinal(), bound);
    }

    /** The SQLState of Databricks for this one of H2. */
    private static String state(String h2) {
        return switch (h2) {
            case "42S02", "42S03", "42S04" -> "42P01";
            case "42S22" -> "42703";
            case "42S01" -> "42P07";
            case "90079" -> "42704";
            case "42000", "42001" -> "42601";
            default -> h2;
        };
    }

    private static void cancel(@Nullable Statement statement) {
        try {
            if (statement != null) {
                statement.cancel();
            }
        } catch (SQLException e) {
            // It has ended by itself.
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // The session ends all the same.
        }
    }
}
