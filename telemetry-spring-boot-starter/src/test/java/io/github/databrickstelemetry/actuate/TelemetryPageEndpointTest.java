package io.github.databrickstelemetry.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TelemetryPageEndpointTest {

    @Test
    void servesOneHtmlPage() throws IOException {
        String page = new TelemetryPageEndpoint().page().getContentAsString(StandardCharsets.UTF_8);

        assertThat(page).startsWith("<!DOCTYPE html>").containsIgnoringCase("charset=\"utf-8\"");
    }
}
