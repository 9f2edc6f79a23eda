package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.jdbc.Executions.Execution;
import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.lang.ref.ReferenceQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The end of a session, and of a connection of it. */
class SessionTelemetryTest {

    private final Guard guard = Instrumented.guard();
    private final List<String> ends = new ArrayList<>();
    private @Nullable SessionTelemetry session;

    private SessionTelemetry session(TelemetryEventEmitter emitter) {
        SessionTelemetry created = new SessionTelemetry(
                emitter,
                TelemetryEventEmitter.disabled().connectionOpen(null, ConnectionDetails.UNKNOWN, 0),
                DriverAdapter.NONE,
                new LocalDetails(new LocalDataSource("bean", null, null, null), 0, null, null),
                LocalContext.NONE,
                guard,
                () -> ends.add(session != null && Thread.holdsLock(session) ? "with the lock" : "ended"));
        session = created;
        return created;
    }

    @Test
    void endsOnceAndWithoutItsLock() {
        SessionTelemetry idle = session(TelemetryEventEmitter.disabled());
        idle.end();
        assertThat(ends).containsExactly("ended");

        SessionTelemetry used = session(TelemetryEventEmitter.disabled());
        used.borrowed();
        used.end();
        assertThat(ends).hasSize(1);
        used.returned();
        used.end();
        assertThat(ends).containsExactly("ended", "ended");
    }

    @Test
    @SuppressWarnings("NullAway") // Without an emitter, completing an execution throws.
    void closesTheConnectionAlthoughCompletingThrows() throws SQLException {
        Connection own = new StubDriver().dataSource().getConnection();
        Statement statement = own.createStatement();
        InstrumentedConnection connection =
                new InstrumentedConnection(own, session(null), latencyNanos -> ends.add("closed"));
        connection.executions.add(new Execution(statement, new ReferenceQueue<>(), 1, 0));

        connection.close();

        assertThat(own.isClosed()).isTrue();
        assertThat(ends).containsExactly("closed");
        assertThat(guard.count()).isEqualTo(1);
    }
}
