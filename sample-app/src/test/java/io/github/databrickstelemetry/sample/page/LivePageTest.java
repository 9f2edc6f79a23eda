package io.github.databrickstelemetry.sample.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.databrickstelemetry.sample.RunningSample;
import io.github.databrickstelemetry.standin.ServiceMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The live page of every application, in a real browser; a picture of each state is kept under {@code target/screenshots}. */
@EnabledIf(value = "chromiumIsInstalled", disabledReason = "No Chromium is installed: the live page is not tested")
class LivePageTest {

    private static final String PAGE = "/actuator/databrickstelemetryui";
    private static final List<Integer> WIDTHS = List.of(320, 390, 740, 768, 960, 1024, 1440);
    private static final int TAB = 9;
    private static final int ENTER = 13;
    private static final int HALF_AN_HOUR = 1_800_000;

    private final List<RunningSample> samples = new ArrayList<>();
    private Browser browser;

    static boolean chromiumIsInstalled() {
        return Browser.installed().isPresent();
    }

    @BeforeEach
    void open() {
        browser = Browser.start(Browser.installed().orElseThrow());
        browser.window(1440, 900, false, false);
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
        picture("1-healthy");

        sample.workspace().telemetry().setMode(ServiceMode.ERROR);
        until(() -> {
            sample.get("/trips/top");
            return browser.text("#headline").contains("is open");
        });
        assertThat(browser.text("#detail")).contains("Statements go on as before");
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

    @Test
    void pausesAfterAQuestionAndResumes() {
        RunningSample sample = start();
        sample.get("/trips/top");
        browser.open(sample.address() + PAGE);
        until(() ->
                !browser.evaluate("document.querySelector('#actions').hidden").asBoolean());

        browser.click("#pause");
        until(() -> browser.evaluate("document.querySelector('#confirm').open").asBoolean());
        assertThat(sample.json("/actuator/databrickstelemetry").path("paused").asBoolean())
                .isFalse();
        browser.click("#yes");

        untilHeadline("Sending is paused.");
        assertThat(browser.text("#pause")).isEqualTo("Resume");
        browser.click("#pause");
        browser.click("#yes");
        until(() -> !sample.json("/actuator/databrickstelemetry").path("paused").asBoolean());
    }

    @Test
    void saysThatTheWorkspacesFlagIsOff() {
        RunningSample sample = start();
        sample.workspace().featureFlag().setEnabled(false);
        sample.get("/trips/top");
        browser.open(sample.address() + PAGE);

        untilHeadline("feature flag is off");
        until(() -> !browser.text("#slowest summary").isEmpty());
        picture("7-flag-off");
    }

    @ParameterizedTest
    @CsvSource({
        "--spring.main.web-application-type=reactive, local.server.port, " + PAGE,
        "--management.endpoints.web.base-path=/, local.server.port, /databrickstelemetryui",
        "--management.server.port=0, local.management.port, " + PAGE
    })
    void worksWhereverTheActuatorIs(String option, String port, String path) {
        RunningSample sample = start(option);
        sample.get("/trips/top");

        browser.open("http://localhost:" + sample.context().getEnvironment().getProperty(port) + path);

        untilHeadline("All is well.");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void saysWhatIsMissingWhereTheEndpointIsNotExposed() {
        RunningSample sample = start("--management.endpoints.web.exposure.include=databrickstelemetryui");

        browser.open(sample.address() + PAGE);

        untilHeadline("The endpoint databrickstelemetry is not exposed.");
    }

    @Test
    void keepsAnOpenedRowWhateverArrivesAndWorksWithTheKeyboard() {
        RunningSample sample = start();
        try (CannedActuator canned = new CannedActuator(sample.get(PAGE).body(), "orders")) {
            browser.open(canned.address());
            until(() -> !browser.text("#failed summary").isEmpty());
            for (int tabs = 0; tabs < 40 && !focused().equals("SUMMARY"); tabs++) {
                browser.press("Tab", TAB);
            }
            browser.press("Enter", ENTER);
            until(() -> browser.text("details[open] dl").contains("query profile")
                    || browser.text("details[open] dl").contains("statement"));
            String opened = browser.text("details[open] code");
            int reads = canned.reads.get();

            until(() -> canned.reads.get() > reads + 3);

            assertThat(browser.text("details[open] code")).isEqualTo(opened);
            assertThat(focused()).isEqualTo("SUMMARY");
        }
    }

    private String focused() {
        return browser.evaluate("document.activeElement.tagName").asText();
    }

    @Test
    void showsStringsOfAnAttackerAsText() {
        RunningSample sample = start();
        try (CannedActuator canned = new CannedActuator(sample.get(PAGE).body(), CannedActuator.HOSTILE)) {
            browser.open(canned.address());
            until(() -> !browser.text("#failed summary").isEmpty());
            browser.evaluate("document.querySelectorAll('summary').forEach(row => row.click())");
            until(() -> canned.reads.get() > 3);

            assertThat(browser.evaluate("document.title").asText()).isEqualTo("Databricks SQL telemetry");
            assertThat(browser.evaluate("document.querySelectorAll('img').length")
                            .asInt())
                    .isZero();
            assertThat(browser.evaluate("document.querySelectorAll('a[href^=javascript]').length")
                            .asInt())
                    .isZero();
            assertThat(browser.text("#sources h3")).isEqualTo(CannedActuator.HOSTILE);
            picture("8-hostile");
        }
    }

    @Test
    void staysBoundedOverHalfAnHourOfLoad() {
        RunningSample sample = start();
        try (CannedActuator canned = new CannedActuator(sample.get(PAGE).body(), "orders")) {
            browser.open(canned.address());
            until(() -> canned.reads.get() > 2);
            int nodes = nodes();

            browser.advance(HALF_AN_HOUR);
            await().atMost(Duration.ofMinutes(2)).until(() -> canned.reads.get() > 600);

            assertThat(nodes()).isLessThan(2 * nodes);
        }
    }

    private int nodes() {
        return browser.evaluate("document.querySelectorAll('*').length").asInt();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hasNoFaultThatAxeFinds(boolean dark, @TempDir Path folder) throws Exception {
        String axe = axe(folder);
        RunningSample sample = start();
        sample.get("/trips/top");
        browser.window(1024, 844, false, dark);
        browser.open(sample.address() + PAGE);
        until(() -> !browser.text("#slowest summary").isEmpty());

        browser.evaluate(axe + "; window.violations = null; axe.run().then(r => { window.violations ="
                + " r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target).join(' ')); }); null");
        until(() -> browser.evaluate("Array.isArray(window.violations)").asBoolean());

        assertThat(browser.evaluate("window.violations.join('; ')").asText()).isEmpty();
    }

    /** The program of axe-core, from the npm registry. */
    private static String axe(Path folder) throws IOException, InterruptedException {
        boolean installed;
        try {
            Process npm = new ProcessBuilder(
                            "npm",
                            "install",
                            "--silent",
                            "--no-audit",
                            "--no-fund",
                            "--prefix",
                            folder.toString(),
                            "axe-core@4")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            installed = npm.waitFor(120, TimeUnit.SECONDS) && npm.exitValue() == 0;
        } catch (IOException noNpm) {
            installed = false;
        }
        assumeTrue(installed, "npm cannot install axe-core: accessibility is not checked");
        return Files.readString(folder.resolve("node_modules/axe-core/axe.min.js"));
    }
}
