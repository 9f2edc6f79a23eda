package io.github.databrickstelemetry.sample.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.sample.RunningSample;
import io.github.databrickstelemetry.standin.ServiceMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The sample's page in a real browser: the starter's page in a frame of controls. Pictures are kept in {@code target/screenshots}. */
@EnabledIf(value = "chromiumIsInstalled", disabledReason = "No Chromium is installed, so the page is not looked at")
class PageTest {

    private static final int TAB = 9;
    private static final int ENTER = 13;
    private static final String FRAME = "document.querySelector(\"#page\").contentDocument";

    private RunningSample sample;
    private Browser browser;

    static boolean chromiumIsInstalled() {
        return Browser.installed().isPresent();
    }

    @BeforeEach
    void open() {
        sample = RunningSample.start(
                "--databricks.telemetry.flush-interval=500ms",
                "--databricks.telemetry.circuit-breaker.failure-threshold=3",
                "--databricks.telemetry.circuit-breaker.open-timeout=2s",
                "--sample.outage=12s");
        browser = Browser.start(Browser.installed().orElseThrow());
        browser.window(1440, 900, false, false);
        browser.open(sample.address() + "/");
        untilHeadline("Nothing has run yet.");
    }

    @AfterEach
    void close() {
        browser.close();
        sample.close();
    }

    private static void until(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(condition::getAsBoolean);
    }

    private void untilHeadline(String part) {
        until(() -> browser.evaluate(FRAME + "?.querySelector(\"#headline\")?.textContent ?? \"\"")
                .asText()
                .contains(part));
    }

    private void picture(String name) {
        browser.picture(Path.of("target", "screenshots", name + ".png"));
    }

    private long load() {
        return sample.json("/load").path("perSecond").asLong();
    }

    private ServiceMode mode() {
        return sample.workspace().telemetry().mode();
    }

    @Test
    void playsAnOutageForAsLongAsItSays() {
        until(() -> browser.text("#outage-note").contains("12 seconds"));
        long start = System.nanoTime();
        browser.click("#outage");
        until(() -> mode() == ServiceMode.ERROR);
        untilHeadline("The circuit breaker of");
        picture("outage");
        until(() -> mode() == ServiceMode.HEALTHY);
        until(() -> load() == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(11), Duration.ofSeconds(15));
        until(() -> browser.text("#outage").equals("Play an outage"));
        picture("after");
        assertThat(browser.complaints).isEmpty();
        assertThat(browser.requests)
                .allMatch(address -> address.startsWith(sample.address() + "/") || address.startsWith("data:"));
    }

    @Test
    void endsLoadAndOutageWithItsLastPage() {
        browser.evaluate("(() => { const load = document.querySelector('#load'); load.value = 10;"
                + " load.dispatchEvent(new Event('change')); })()");
        until(() -> load() == 10);
        sample.post("/workspace/telemetry/ERROR");

        browser.open("about:blank");

        until(() -> load() == 0 && mode() == ServiceMode.HEALTHY);
    }

    @Test
    void runsAStatementByKeyboardAndFitsEachWindow() {
        for (int tabs = 0; tabs < 3 && !focused().contains("top"); tabs++) {
            browser.press("Tab", TAB);
        }
        assertThat(focused()).contains("top");
        browser.press("Enter", ENTER);
        until(() -> browser.text("#message").startsWith("Ran in"));
        browser.click("[data-fails]");
        until(() -> browser.text("#message").contains("as it should"));

        for (int width : new int[] {320, 390, 768, 1024, 1440}) {
            browser.window(width, 844, width < 500, width == 1024);
            until(() -> browser.evaluate("innerWidth").asInt() == width);
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                    .isLessThanOrEqualTo(width);
            picture("width-" + width);
        }
        assertThat(browser.complaints).allMatch(complaint -> complaint.contains("/trips/broken"));
    }

    private String focused() {
        return browser.evaluate("document.activeElement.dataset.get ?? ''").asText();
    }
}
