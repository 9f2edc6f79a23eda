package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

/** The table of responses, row by row. */
class ResponseActionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            useHeadersInDisplayName = true,
            value = {
                "status | body              | retryAfter | mayMoveOn | action",
                "200    |                   | 0          | true      | DELIVERED",
                "200    | {}                | 0          | false     | DELIVERED",
                "200    | {\"numProtoSuc     | 0          | false     | DELIVERED",
                "202    |                   | 0          | false     | DELIVERED",
                "200    | <html>            | 0          | true      | FAILURE",
                "200    | OK                | 0          | false     | FAILURE",
                "400    | {\"error_code\":1} | 0          | false     | MALFORMED",
                "400    | {\"error_code\":1} | 0          | true      | MALFORMED",
                "400    | <html>            | 0          | true      | FAILURE",
                "400    |                   | 0          | false     | FAILURE",
                "407    | {}                | 0          | true      | FAILURE",
                "421    | {}                | 0          | true      | FAILURE",
                "404    | {}                | 0          | true      | NEXT_PATH",
                "404    | {}                | 0          | false     | FAILURE",
                "403    | {}                | 0          | true      | NEXT_PATH",
                "403    | {}                | 0          | false     | FAILURE",
                "405    |                   | 0          | true      | NEXT_PATH",
                "405    |                   | 0          | false     | FAILURE",
                "401    | {}                | 0          | true      | FAILURE",
                "413    |                   | 0          | true      | TOO_LARGE",
                "413    | <html>            | 0          | false     | TOO_LARGE",
                "301    |                   | 0          | true      | FAILURE",
                "304    |                   | 0          | true      | FAILURE",
                "418    |                   | 0          | true      | FAILURE",
                "429    |                   | 0          | true      | FAILURE",
                "429    |                   | 1000       | true      | FAILURE",
                "503    |                   | 1000       | true      | FAILURE",
                "503    | <html>            | 0          | true      | RETRY",
                "408    |                   | 0          | true      | RETRY",
                "500    |                   | 0          | true      | RETRY",
                "502    | <html>            | 0          | false     | RETRY",
                "504    |                   | 0          | false     | RETRY",
                "501    |                   | 0          | false     | FAILURE",
                "599    |                   | 0          | false     | FAILURE"
            })
    void saysWhatAResponseMeans(
            int status, @Nullable String body, long retryAfter, boolean mayMoveOn, ResponseAction action) {
        byte[] bytes = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);

        assertThat(ResponseAction.of(new WorkspaceResponse(status, new HttpHeaders(), bytes), retryAfter, mayMoveOn))
                .isEqualTo(action);
    }
}
