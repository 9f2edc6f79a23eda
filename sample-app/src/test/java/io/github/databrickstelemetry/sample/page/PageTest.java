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

/** The page in a real browser; a picture of each state is kept under {@code target/screenshots}. */
@EnabledIf(value = "chromiumIsInstalled", disabledReason = "No Chromium is installed, so the page is not looked at")
class PageTest {

    private static final int TAB = 9;
    private static final int ENTER = 13;
    private static final int TABS_AT_MOST = 20;

    private RunningSample sample;
    private Browser browser;

    static boolean chromiumIsInstalled() {
        return Browser.installed().isPresent();
    }

    @BeforeEach
    void open() {
        sample = RunningSample.start(
                "--databricks.telemetry.flush-interval=500ms",
                "--databricks.telemetry.circuit-breaker.failure-threshold=12",
                "--databricks.telemetry.circuit-breaker.open-timeout=4s");
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
        until(() -> browser.text("#headline").contains(part));
    }

    private void picture(String name) {
        browser.picture(Path.of("target", "screenshots", name + ".png"));
    }

    private long number(String selector) {
        return Long.parseLong(browser.text(selector).replace(",", ""));
    }

    private void load(int perSecond) {
        browser.evaluate("const load = document.querySelector('#load'); load.value = " + perSecond
                + "; load.dispatchEvent(new Event('input', {bubbles: true})); load.dispatchEvent(new Event('change'))");
    }

    @Test
    void tellsAnOutageFromItsBeginningToItsEnd() {
        picture("1-quiet");

        load(20);
        untilHeadline("All is well.");
        until(() -> number("#delivered") > 60);
        picture("2-running");

        browser.click("input[value=ERROR]");
        until(() -> sample.workspace().telemetry().mode() == ServiceMode.ERROR);
        untilHeadline("The telemetry service answers 500.");
        untilHeadline("The breaker is open");
        until(() -> number("#pending") > 40 && number("#rate") > 0);
        assertThat(browser.text("#detail")).contains("Statements go on as before");
        picture("3-open");

        browser.click("input[value=HEALTHY]");
        untilHeadline("All that waited has arrived.");
        picture("4-arrived");
        assertThat(browser.evaluate("document.querySelectorAll('.sum b[data-holds=false]').length")
                        .asInt())
                .isZero();
        assertThat(browser.evaluate("document.querySelectorAll('#documents .tick').length")
                        .asInt())
                .isPositive();

        browser.click("#documents li:nth-child(3) summary");
        until(() -> browser.text("#documents pre").contains("sql_driver_log"));
        browser.window(1440, 900, false, true);
        until(() -> browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
                .asBoolean());
        picture("5-dark");
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(1440);
        browser.window(390, 844, true, false);
        until(() -> browser.evaluate("document.querySelector('#chart-rate canvas').clientWidth < 390")
                .asBoolean());
        picture("6-phone");
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(390);

        assertThat(browser.complaints).isEmpty();
        assertThat(browser.requests)
                .allMatch(address -> address.startsWith(sample.address() + "/") || address.startsWith("data:"));
    }

    @Test
    void worksWithTheKeyboardAndSaysWhenTheFlagIsOff() {
        sample.workspace().featureFlag().setEnabled(false);

        for (int tabs = 0; tabs < TABS_AT_MOST && !focused().equals("one"); tabs++) {
            browser.press("Tab", TAB);
        }
        assertThat(focused()).isEqualTo("one");
        browser.press("Enter", ENTER);

        untilHeadline("The server's flag is off");
        picture("7-flag-off");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void playsAnOutageByItselfUntilItIsStopped() {
        browser.click("#demo");
        untilHeadline("1 of 4. All is well.");
        assertThat(browser.text("#demo")).isEqualTo("Stop");
        untilHeadline("2 of 4. The telemetry service answers 500.");
        untilHeadline("3 of 4. The breaker is open");

        browser.click("#demo");
        until(() -> browser.text("#demo").equals("Play an outage"));
        assertThat(sample.workspace().telemetry().mode()).isEqualTo(ServiceMode.HEALTHY);
        assertThat(browser.complaints).isEmpty();
    }

    private String focused() {
        return browser.evaluate("document.activeElement.id").asText();
    }
}
