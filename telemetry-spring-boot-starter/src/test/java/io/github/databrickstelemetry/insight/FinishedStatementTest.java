package io.github.databrickstelemetry.insight;

import static io.github.databrickstelemetry.insight.Statements.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FinishedStatementTest {

    @Test
    void namesTheJdbcCall() {
        assertThat(statement().type(StatementType.QUERY).finished().operation()).isEqualTo("query");
        assertThat(statement().type(StatementType.UPDATE).finished().operation())
                .isEqualTo("update");
        assertThat(statement().type(StatementType.SQL).finished().operation()).isEqualTo("execute");
        assertThat(statement().batch(3).finished().operation()).isEqualTo("batch");
    }

    @Test
    void namesTheOperationWhereThereIsNoJdbcCall() {
        assertThat(statement()
                        .operation(OperationType.LIST_TABLES, StatementType.METADATA)
                        .finished()
                        .operation())
                .isEqualTo("list_tables");
        assertThat(statement()
                        .operation(OperationType.EXECUTE_STATEMENT, StatementType.NONE)
                        .finished()
                        .operation())
                .isEqualTo("execute_statement");
    }

    @Test
    void lastsUntilTheResultIsConsumed() {
        assertThat(statement().finished().durationNanos())
                .isEqualTo(Duration.ofMillis(470 + 1_364).toNanos());
        assertThat(statement().executeMillis(20).finished().durationNanos())
                .isEqualTo(Duration.ofMillis(20).toNanos());
    }

    /** The first chunk came 20 ms after the execute call had returned. */
    @Test
    void consumingBeginsWithTheReturnOfTheExecuteCall() {
        assertThat(statement().finished().consumeNanos())
                .isEqualTo(Duration.ofMillis(20 + 1_364).toNanos());
        assertThat(statement().executeMillis(20).finished().consumeNanos()).isZero();
    }

    @Test
    void splitsHostAndPort() {
        FinishedStatement other =
                new FinishedStatement("[::1]:8443", statement().metric(), LocalDetails.NONE);
        assertThat(other.serverAddress()).isEqualTo("[::1]");
        assertThat(other.serverPort()).isEqualTo(8443);
    }

    @Test
    void linksToTheQueryProfile() {
        assertThat(statement().finished().queryProfile())
                .isEqualTo(
                        "https://prod.example.com/sql/history?queryId=01f0-server&queryStartTimeMs=1790000000000&o=987");
    }

    @Test
    void linksWithThePortAndWithoutTheWorkspaceIdWhereItIsNotKnown() {
        FinishedStatement local =
                new FinishedStatement("localhost:8080", statement().metric(), LocalDetails.NONE);
        assertThat(local.queryProfile())
                .isEqualTo("https://localhost:8080/sql/history?queryId=01f0-server&queryStartTimeMs=1790000000000");
    }

    @Test
    void linksToAStandInAsTheDriverReachesIt() {
        LocalDataSource source = new LocalDataSource("bean", null, null, null, "http");
        FinishedStatement local =
                new FinishedStatement("localhost:8080", statement().metric(), new LocalDetails(source, 0, null, null));

        assertThat(local.queryProfile()).startsWith("http://localhost:8080/sql/history?queryId=01f0-server&");
    }

    @Test
    void hasNoLinkWithoutTheServersId() {
        assertThat(statement().unknownId().finished().queryProfile()).isNull();
    }

    @Test
    void anIdCannotBreakOutOfTheLink() {
        assertThat(statement().id("x&o=1\"><script>").finished().queryProfile())
                .contains("queryId=x%26o%3D1%22%3E%3Cscript%3E&queryStartTimeMs=");
    }
}
