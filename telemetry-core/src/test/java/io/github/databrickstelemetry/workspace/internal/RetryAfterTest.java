package io.github.databrickstelemetry.workspace.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.testing.FakeClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

class RetryAfterTest {

    /** It is 2026-01-01T00:00:00Z. */
    private final FakeClock clock = new FakeClock();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                             | -                             | 0",
                "''                            | -                             | 0",
                "soon                          | -                             | 0",
                "-5                            | -                             | 0",
                "0                             | -                             | 0",
                "' 7 '                         | -                             | 7000",
                "0000000005                    | -                             | 5000",
                "500                           | -                             | 120000",
                "99999999999999999999          | -                             | 120000",
                "Thu, 1 Jan 2026 00:00:30 GMT  | -                             | 30000",
                "Thu, 1 Jan 2026 00:00:30 GMT  | garbage                       | 30000",
                "Wed, 31 Dec 2025 23:00:00 GMT | -                             | 0",
                "Fri, 2 Jan 2026 00:00:00 GMT  | -                             | 120000",
                "Fri, 2 Jan 2026 00:00:30 GMT  | Fri, 2 Jan 2026 00:00:20 GMT  | 10000",
                "Thu, 1 Jan 2026 00:00:30 GMT  | Thu, 1 Jan 2026 00:00:40 GMT  | 0",
            })
    void reads(@Nullable String header, @Nullable String date, long millis) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Retry-After", header);
        headers.set("Date", date);
        WorkspaceResponse response = new WorkspaceResponse(503, headers, new byte[0]);

        assertThat(response.retryAfterMillis(Duration.ofMinutes(2), clock)).isEqualTo(millis);
    }
}
