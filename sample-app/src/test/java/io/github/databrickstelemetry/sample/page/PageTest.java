package io.github.databrickstelemetry.sample.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.sample.SampleApplication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** The page in a real browser; pictures of it are kept under {@code target/screenshots}. */
@SpringBootTest(classes = SampleApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@EnabledIf(value = "chromiumIsInstalled", disabledReason = "No Chromium is installed, so the page is not looked at")
class PageTest {

    private static final Path PICTURES = Path.of("target", "screenshots");

    @Value("${local.server.port}")
    private int port;

    private Browser browser;

    static boolean chromiumIsInstalled() {
        return Browser.installed().isPresent();
    }

    @BeforeEach
    void start() {
        browser = Browser.start(Browser.installed().orElseThrow());
        browser.window(1440, 900, false, false);
        browser.open("http://localhost:" + port + "/");
        until(() -> browser.text("#link").equals("live"));
    }

    @AfterEach
    void stop() {
        browser.close();
    }

    private static void until(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition::getAsBoolean);
    }

    @Test
    void opens() {
        until(() -> !browser.text("#headline").startsWith("Waiting"));
        browser.picture(PICTURES.resolve("1-quiet.png"));
        assertThat(browser.complaints).isEmpty();
        assertThat(browser.requests)
                .allMatch(address -> address.startsWith("http://localhost:" + port + "/")
                        || address.startsWith("data:")
                        || address.equals("about:blank"));
    }
}
