package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.databricks.DriverObjects.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the server's ids and the finished counters from objects of the Databricks driver. One per data source, as it
 * remembers the driver's classes: nothing of them outlives the data source. Thread-safe. Takes the driver's own objects
 * or a pool's, which are unwrapped.
 *
 * <p>Ids come from a server, so they are taken as hostile: of another form than an id has, or too long, they are none.
 *
 * <p>Needs no driver on the class path, and takes any version of it: what a version does not tell is left out.
 */
public final class DatabricksDriverAdapter implements DriverAdapter {

    private static final int LONGEST_ID = 128;

    private static final String ID = "([\\w-]{1," + LONGEST_ID + "})";
    private static final Pattern CONNECTION_ID =
            Pattern.compile("s\\|[^|]*\\|" + ID + "(?:\\|.*)?|t\\|" + ID + "\\|[^|]*");

    /** Resolved with the first object; twice at the same time is harmless. */
    private volatile @Nullable DriverObjects resolved;

    public DatabricksDriverAdapter() {}

    /** With a class loader that is known to find the driver, or none. */
    DatabricksDriverAdapter(ClassLoader driver) {
        this.resolved = new DriverObjects(driver);
    }

    @Override
    public @Nullable String sessionId(Connection physical) {
        DriverObjects driver = driver(physical);
        return safeSessionId(driver.text(Value.CONNECTION_ID, DriverObjects.unwrap(physical, driver.connection)));
    }

    @Override
    public @Nullable Connection physical(Connection borrowed) {
        return DriverObjects.unwrap(borrowed, driver(borrowed).connection) instanceof Connection own ? own : null;
    }

    @Override
    public @Nullable DeferredResult executed(Statement physical, @Nullable ResultSet resultSet, long startNanos) {
        DriverObjects driver = driver(physical);
        Object own = DriverObjects.unwrap(resultSet, driver.resultSet);
        String id = statementId(driver, physical);
        if (id == null) {
            id = safeStatementId(driver.text(Value.RESULT_SET_STATEMENT_ID, own));
        }
        return id == null ? null : DriverResult.of(driver, id, physical, own, startNanos);
    }

    /** There is no result, but polls may have been counted. */
    @Override
    public @Nullable StatementResult failed(Statement physical) {
        DriverObjects driver = driver(physical);
        String id = statementId(driver, physical);
        return id == null
                ? null
                : DriverResult.of(driver, id, physical, null, 0).read();
    }

    /**
     * The driver keeps the id of the thread's last statement. The same instance before and after a call means that the
     * call ran no statement.
     */
    @Override
    public @Nullable Object mark(Wrapper physical) {
        return threadStatementId(physical);
    }

    @Override
    public @Nullable StatementResult ranSince(Wrapper physical, @Nullable Object mark) {
        String after = threadStatementId(physical);
        String id = after == mark ? null : safeStatementId(after);
        return id == null ? null : StatementResult.ofId(id);
    }

    /** Statements that the driver closes before the call returns, whose ids it then forgets. */
    @Override
    public boolean runsStatement(Connection physical, ConnectionCall call) throws SQLException {
        DriverObjects driver = driver(physical);
        Object own = DriverObjects.unwrap(physical, driver.connection);
        Object context = driver.read(Value.CONTEXT, own);
        return switch (call) {
            case END_TRANSACTION -> driver.isFalse(Value.IGNORES_TRANSACTIONS, context);
            case AUTO_COMMIT_ON, AUTO_COMMIT_OFF ->
                driver.isFalse(Value.IGNORES_TRANSACTIONS, context)
                        && (driver.isTrue(Value.FETCHES_AUTO_COMMIT, context)
                                || physical.getAutoCommit() != (call == ConnectionCall.AUTO_COMMIT_ON));
            case GET_CATALOG -> {
                Object session = driver.read(Value.SESSION, own);
                yield session != null && driver.read(Value.CATALOG, session) == null;
            }
            case VALIDATE -> driver.isTrue(Value.VALIDATES_BY_SQL, context);
            case SET_NAMESPACE -> false;
        };
    }

    @Override
    public boolean knows(String property, @Nullable ClassLoader driver) {
        return DatabricksDriver.hasProperty(property, driver);
    }

    /** The id of the statement's last execution. The driver is asked for the part that is no secret, else it is cut. */
    private static @Nullable String statementId(DriverObjects driver, Statement physical) {
        Object id = driver.read(Value.STATEMENT_ID, DriverObjects.unwrap(physical, driver.statement));
        if (id == null) {
            return null;
        }
        String withoutSecret = driver.text(Value.STATEMENT_ID_WITHOUT_SECRET, id);
        return safeStatementId(withoutSecret == null ? id.toString() : withoutSecret);
    }

    private @Nullable String threadStatementId(Wrapper physical) {
        DriverObjects driver = driver(physical);
        // A static value: any object will do.
        return driver.text(Value.THREAD_STATEMENT_ID, driver);
    }

    /** The session's id out of {@code s|warehouse|session}, {@code s|warehouse|session|r} or {@code t|session|secret}. */
    static @Nullable String safeSessionId(@Nullable String connectionId) {
        Matcher parts = CONNECTION_ID.matcher(connectionId == null ? "" : connectionId);
        if (!parts.matches()) {
            return null;
        }
        return parts.group(1) == null ? parts.group(2) : parts.group(1);
    }

    /** The statement's id; Thrift's comes as {@code id|secret}. */
    static @Nullable String safeStatementId(@Nullable String statementId) {
        if (statementId == null) {
            return null;
        }
        int bar = statementId.indexOf('|');
        int length = bar < 0 ? statementId.length() : bar;
        if (length == 0 || length > LONGEST_ID) {
            return null;
        }
        // By hand: it runs once per statement, and a regular expression would cost more than the rest.
        for (int i = 0; i < length; i++) {
            char c = statementId.charAt(i);
            boolean ascii = c <= 'z';
            if (!ascii || !(Character.isLetterOrDigit(c) || c == '-' || c == '_')) {
                return null;
            }
        }
        return statementId.substring(0, length);
    }

    /** The driver's classes: of the object's own class loader, or, behind a pool's, of the application's. */
    private DriverObjects driver(Object physical) {
        DriverObjects known = resolved;
        if (known == null) {
            known = Stream.of(
                            physical.getClass().getClassLoader(),
                            Thread.currentThread().getContextClassLoader(),
                            DatabricksDriverAdapter.class.getClassLoader())
                    .filter(Objects::nonNull)
                    .map(DriverObjects::new)
                    .filter(driver -> driver.connection != null)
                    .findFirst()
                    .orElseGet(() -> new DriverObjects(null));
            resolved = known;
        }
        return known;
    }
}
