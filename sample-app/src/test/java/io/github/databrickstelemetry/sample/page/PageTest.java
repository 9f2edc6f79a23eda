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
                "--databricks.telemetry.circuit-breaker.open-timeout=1s",
                "--sample.outage=9s",
                "--sample.lease=4s");
        browser = Browser.start(Browser.installed().orElseThrow());
        browser.window(1440, 900, false, false);
        // The live page reads eight times as often as for a person.
        browser.beforeEachPage("const every = setInterval; setInterval = (f, ms) => every(f, ms / 8);");
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
        until(() -> browser.text("#outage-note").contains("9 seconds"));
        long start = System.nanoTime();
        browser.click("#outage");
        until(() -> mode() == ServiceMode.ERROR);
        untilHeadline("The circuit breaker of");
        picture("outage");
        until(() -> mode() == ServiceMode.HEALTHY);
        untilHeadline("Delivery works again.");
        until(() -> load() == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
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

        browser.open(sample.address() + "/");
        until(() -> browser.text("#outage-note").contains("9 seconds"));
        sample.post("/load?perSecond=10");
        sample.post("/workspace/telemetry/ERROR");

        browser.kill();

        until(() -> load() == 0 && mode() == ServiceMode.HEALTHY);
    }

    @Test
    void showsNoSwitchInAWrongStateWhileItLoads() {
        browser.open("about:blank");
        until(() -> browser.evaluate("location.href").asText().equals("about:blank"));
        sample.post("/controls/end");
        sample.post("/load?perSecond=15");
        sample.post("/workspace/telemetry/THROTTLED");
        sample.post("/workspace/flag/false");
        browser.beforeEachPage("window.shown = new Set(); (function look() {"
                + " const at = id => document.getElementById(id);"
                + " if (at('load') && at('load').checkVisibility({ visibilityProperty: true }))"
                + " shown.add([at('load').value, at('service').value, at('flag').checked].join(' '));"
                + " requestAnimationFrame(look); })();");

        browser.open(sample.address() + "/");

        until(() -> browser.text("#load-value").equals("15 per second"));
        browser.click("[data-get]");
        until(() -> browser.text("#message").startsWith("Ran in"));
        assertThat(browser.evaluate("[...shown].join('; ')").asText()).isEqualTo("15 THROTTLED false");
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

        untilHeadline(" failed in the last 10 seconds.");

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
