package io.github.databrickstelemetry.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TelemetryPageEndpointTest {

    @Test
    void servesOneHtmlPage() throws IOException {
        String page = new TelemetryPageEndpoint().page().getContentAsString(StandardCharsets.UTF_8);

        assertThat(page).startsWithIgnoringCase("<!doctype html>").containsIgnoringCase("charset=\"utf-8\"");
    }
}
