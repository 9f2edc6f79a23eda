package io.github.databrickstelemetry.sample.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.sample.RunningSample;
import io.github.databrickstelemetry.standin.ServiceMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The live page of every application, in a real browser; a picture of each state is kept under {@code target/screenshots}. */
@EnabledIf(value = "chromiumIsInstalled", disabledReason = "No Chromium is installed: the live page is not tested")
class LivePageTest {

    private static final String PAGE = "/actuator/databrickstelemetryui";
    private static final List<Integer> WIDTHS = List.of(320, 390, 740, 768, 960, 1024, 1440);
    private static final int TAB = 9;
    private static final int ENTER = 13;

    private final List<RunningSample> samples = new ArrayList<>();
    private Browser browser;

    static boolean chromiumIsInstalled() {
        return Browser.installed().isPresent();
    }

    @BeforeEach
    void open() {
        browser = Browser.start(Browser.installed().orElseThrow());
        browser.window(1440, 900, false, false);
        // Eight times as often as for a person.
        browser.beforeEachPage("const every = setInterval; setInterval = (f, ms) => every(f, ms / 8);");
    }

    @AfterEach
    void close() {
        browser.close();
        samples.forEach(RunningSample::close);
    }

    private RunningSample start(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--management.endpoints.web.exposure.include=health,databrickstelemetry,databrickstelemetryui",
                "--databricks.telemetry.circuit-breaker.failure-threshold=2",
                "--databricks.telemetry.circuit-breaker.open-timeout=2s"));
        all.addAll(List.of(arguments));
        RunningSample sample = RunningSample.start(all.toArray(String[]::new));
        samples.add(sample);
        return sample;
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
        browser.picture(Path.of("target", "screenshots", "live-" + name + ".png"));
    }

    @Test
    void tellsAnOutageFromItsBeginningToItsEnd() {
        RunningSample sample = start();
        browser.open(sample.address() + PAGE);
        untilHeadline("Nothing has run yet.");

        sample.get("/trips/top");
        untilHeadline("All is well.");
        until(() -> !browser.text("#slowest summary").isEmpty());
        assertThat(browser.evaluate("document.querySelectorAll('.sum b[data-holds=true]').length")
                        .asInt())
                .isEqualTo(2);
        assertThat(browser.text("#probe")).matches("flag on, \\d+ s ago");
        picture("1-healthy");

        sample.workspace().telemetry().setMode(ServiceMode.ERROR);
        until(() -> {
            sample.get("/trips/top");
            return browser.text("#headline").contains("is open");
        });
        assertThat(browser.text("#detail")).contains("Statements go on as before");
        assertThat(browser.text("#probe")).startsWith("The next request is tried ");
        assertThat(browser.text("#hosts")).contains("closed → open").containsPattern("HTTP 500, \\d+ s ago");
        picture("2-outage");

        sample.workspace().telemetry().setMode(ServiceMode.HEALTHY);
        until(() -> {
            sample.get("/trips/top");
            return browser.text("#breaker").equals("closed");
        });
        picture("3-recovered");

        browser.window(1440, 900, false, true);
        picture("4-dark");
        for (int width : WIDTHS) {
            browser.window(width, 844, width < 500, false);
            until(() -> browser.evaluate("innerWidth").asInt() == width);
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                    .as("width at %s", width)
                    .isLessThanOrEqualTo(width);
        }
        picture("5-desktop");
        assertThat(browser.complaints).isEmpty();
        assertThat(browser.requests)
                .allMatch(address -> address.startsWith(sample.address() + "/actuator/databrickstelemetry")
                        || address.startsWith("data:"));

        sample.close();
        untilHeadline("The application does not answer.");
        assertThat(browser.evaluate("document.querySelector('#story').dataset.mood")
                        .asText())
                .isEqualTo("down");
        picture("6-down");
    }

    private boolean hasActions() {
        return !browser.evaluate("document.querySelector('#actions').hidden").asBoolean();
    }

    @Test
    void pausesAfterAQuestionAndResumesWithTheKeyboardOnly() {
        RunningSample sample = start();
        sample.get("/trips/top");
        browser.open(sample.address() + PAGE);
        until(this::hasActions);

        tabTo("pause");
        browser.press("Enter", ENTER);
        until(() -> browser.evaluate("document.querySelector('#confirm').open").asBoolean());
        assertThat(isPaused(sample)).isFalse();
        tabTo("yes");
        browser.press("Enter", ENTER);

        untilHeadline("Sending is paused.");
        assertThat(browser.text("#pause")).isEqualTo("Resume");
        assertThat(focused()).isEqualTo("pause");
        browser.press("Enter", ENTER);
        tabTo("yes");
        browser.press("Enter", ENTER);
        until(() -> !isPaused(sample));
    }

    private static boolean isPaused(RunningSample sample) {
        return sample.json("/actuator/databrickstelemetry").path("paused").asBoolean();
    }

    private void tabTo(String id) {
        for (int tabs = 0; tabs < 25 && !focused().equals(id); tabs++) {
            browser.press("Tab", TAB);
        }
        assertThat(focused()).isEqualTo(id);
    }

    private String focused() {
        return browser.evaluate("document.activeElement.id").asText();
    }

    @Test
    void saysThatTheWorkspacesFlagIsOffAndLinksToTheQueryHistory() {
        RunningSample sample = start("--management.endpoint.databrickstelemetry.access=read-only");
        sample.workspace().featureFlag().setEnabled(false);
        browser.open(sample.address() + PAGE);
        sample.get("/trips/top");
        sample.get("/trips/broken");

        untilHeadline("feature flag is off");
        until(() -> browser.text("#statements").contains("dataSource ·")
                && !browser.text("#failed summary").isEmpty());
        assertThat(browser.text("#probe")).matches("flag off, \\d+ s ago");
        assertThat(browser.text("#arrival")).isEqualTo("flag off, nothing is sent");
        assertThat(browser.evaluate("document.querySelector('#chart-rate').ariaLabel")
                        .asText())
                .startsWith("statements ");
        picture("7-flag-off");
        until(() -> browser.methods.contains("OPTIONS"));
        assertThat(hasActions()).as("buttons of a read-only endpoint").isFalse();

        browser.click("#failed summary");
        until(() -> !browser.text("#failed a").isEmpty());
        String link =
                browser.evaluate("document.querySelector('#failed a').href").asText();
        String id = browser.text("#failed code");
        assertThat(link)
                .startsWith(
                        "http://" + sample.workspace().host() + "/sql/history?queryId=" + id + "&queryStartTimeMs=");
        browser.open(link);
        until(() -> browser.text("h1").contains("Query history"));
        assertThat(browser.text("dl")).contains(id, "helicopters");
    }

    @ParameterizedTest
    @CsvSource({
        "--spring.main.web-application-type=reactive, local.server.port, " + PAGE,
        "--management.endpoints.web.base-path=/, local.server.port, /databrickstelemetryui",
        "--management.server.port=0, local.management.port, " + PAGE
    })
    void worksWhereverTheActuatorIsAndBehindAProxyWithAPathPrefix(
            String option, String port, String path, @TempDir Path folder) {
        RunningSample sample = start(option);
        String actuator = sample.context().getEnvironment().getRequiredProperty(port);
        sample.get("/trips/top");
        browser.open("http://localhost:" + actuator + path);
        untilHeadline("All is well.");
        assertThat(browser.complaints).isEmpty();

        try (Nginx nginx =
                Nginx.start(folder, "location /tools/orders/ { proxy_pass http://127.0.0.1:" + actuator + "/; }")) {
            browser.open("about:blank");
            until(() -> browser.evaluate("location.href").asText().equals("about:blank"));
            browser.requests.clear();
            browser.open(nginx.address() + "/tools/orders" + path);
            untilHeadline("All is well.");
            until(this::hasActions);
            browser.click("#pause");
            browser.click("#yes");
            untilHeadline("Sending is paused.");
            assertThat(browser.complaints).isEmpty();
            assertThat(browser.requests)
                    .allMatch(address ->
                            address.startsWith(nginx.address() + "/tools/orders/") || address.startsWith("data:"));

            sample.close();
            untilHeadline("The application does not answer.");
            assertThat(browser.text("#detail")).startsWith("HTTP 502.");
        }
    }

    @Test
    void saysWhatIsMissingWhereTheEndpointIsNotExposed() {
        RunningSample sample = start("--management.endpoints.web.exposure.include=databrickstelemetryui");

        browser.open(sample.address() + PAGE);

        untilHeadline("The endpoint databrickstelemetry is not exposed.");
    }
}
