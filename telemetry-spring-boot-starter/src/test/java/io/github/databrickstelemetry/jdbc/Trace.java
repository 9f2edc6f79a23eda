package io.github.databrickstelemetry.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an application sees of a scenario: every result and every exception, as text that can be compared. */
public final class Trace {

    /** Each run has a database, or statement ids, of its own. */
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final List<String> lines = new ArrayList<>();

    /** A call of JDBC. */
    @FunctionalInterface
    public interface Call {
        @Nullable
        Object run() throws Exception;
    }

    /** A call of JDBC that returns nothing. */
    @FunctionalInterface
    public interface VoidCall {
        void run() throws Exception;
    }

    /** Notes what the call returns or throws. */
    public void see(String what, Call call) {
        lines.add(UUID.matcher(what + " = " + attempt(call)).replaceAll("<uuid>"));
    }

    /** Notes that the call returns, or what it throws. */
    public void does(String what, VoidCall call) {
        see(what, () -> {
            call.run();
            return "done";
        });
    }

    /** Notes whether two objects are the same, are equal, and have one hash code. */
    public void compare(String what, Object one, @Nullable Object other) {
        see(what + ", same", () -> one == other);
        see(what + ", equal", () -> one.equals(other));
        see(what + ", hash", () -> other != null && one.hashCode() == other.hashCode());
    }

    private static String attempt(Call call) {
        try {
            return text(call.run());
        } catch (Exception | Error failure) {
            return "threw " + text(failure);
        }
    }

    /** What was seen, in order. */
    public List<String> lines() {
        return lines;
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof int[] array) {
            return Arrays.toString(array);
        }
        if (value instanceof long[] array) {
            return Arrays.toString(array);
        }
        if (value instanceof Object[] array) {
            return Arrays.toString(array);
        }
        if (value instanceof Properties || value instanceof java.util.Map<?, ?> || value instanceof List<?>) {
            return value.toString();
        }
        if (value instanceof SQLException failure) {
            return failure.getClass().getName() + "|" + failure.getSQLState() + "|" + failure.getErrorCode() + "|"
                    + failure.getMessage() + "|" + failure.getNextException();
        }
        if (value instanceof Throwable failure) {
            return failure.getClass().getName() + "|" + failure.getMessage();
        }
        if (value instanceof ResultSet resultSet) {
            try {
                return rows(resultSet);
            } catch (SQLException failure) {
                return "rows threw " + text(failure);
            }
        }
        if (value instanceof Connection) {
            return "a connection";
        }
        if (value instanceof Statement) {
            return "a statement";
        }
        if (value instanceof DatabaseMetaData) {
            return "metadata";
        }
        return value.getClass().getName();
    }

    private static String rows(ResultSet resultSet) throws SQLException {
        ResultSetMetaData metaData = resultSet.getMetaData();
        StringBuilder text = new StringBuilder(resultSet.getClass().getName());
        for (int column = 1; column <= metaData.getColumnCount(); column++) {
            text.append(' ').append(metaData.getColumnLabel(column));
        }
        while (resultSet.next()) {
            text.append(" [");
            for (int column = 1; column <= metaData.getColumnCount(); column++) {
                text.append(resultSet.getString(column)).append(';');
            }
            text.append(']');
        }
        return text.toString();
    }
}
