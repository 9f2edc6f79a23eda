package io.github.databrickstelemetry.sample.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.sample.page.CannedActuator.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the live page makes of what it reads, in a real browser above an endpoint that says what a test wants. */
@EnabledIf(value = "chromiumIsInstalled", disabledReason = "No Chromium is installed: the live page is not tested")
class PageResponsesTest {

    private static final List<Integer> WIDTHS = List.of(320, 390, 740, 768, 960, 1024, 1440);
    private static final int TAB = 9;
    private static final int ENTER = 13;
    /** Of readings; the page keeps no more. */
    private static final int TEN_MINUTES = 300;

    /** Notes the labels that stand on each canvas, and how high a line goes. */
    private static final String NOTE_THE_DRAWING = """
            window.drawn = new Map();
            window.highest = Infinity;
            const pen = CanvasRenderingContext2D.prototype;
            const clearRect = pen.clearRect, fillText = pen.fillText, lineTo = Path2D.prototype.lineTo;
            pen.clearRect = function (...area) { drawn.set(this.canvas, []); return clearRect.apply(this, area); };
            pen.fillText = function (text, x, y) {
              const size = this.measureText(text);
              const at = this.getTransform().transformPoint({ x, y });
              if (text) drawn.get(this.canvas)?.push({ text, left: at.x - size.actualBoundingBoxLeft, right: at.x + size.actualBoundingBoxRight,
                top: at.y - size.actualBoundingBoxAscent, bottom: at.y + size.actualBoundingBoxDescent });
              return fillText.apply(this, arguments);
            };
            Path2D.prototype.lineTo = function (x, y) { highest = Math.min(highest, y); return lineTo.call(this, x, y); };
            """;
    /** Labels that are cut by the canvas or printed over each other. */
    private static final String BROKEN_LABELS = """
            [...drawn].filter(([canvas]) => canvas.isConnected).flatMap(([canvas, labels]) => labels.filter((a, i) =>
              a.left < 0 || a.right > canvas.width || a.top < 0 || a.bottom > canvas.height
              || labels.some((b, j) => j < i && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)))
              .map(label => label.text).join(' ')""";

    private Browser browser;
    private @Nullable CannedActuator actuator;

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
        if (actuator != null) {
            actuator.close();
        }
    }

    /** The page, which reads a hundred times as often as it does for a person. */
    private CannedActuator show(String name) {
        browser.beforeEachPage("const every = setInterval; setInterval = (f, ms) => every(f, ms / 100);");
        return prepare(name);
    }

    private CannedActuator prepare(String name) {
        CannedActuator made = new CannedActuator(name);
        actuator = made;
        return made;
    }

    private void open(CannedActuator canned) {
        browser.open(canned.address());
        until(() -> !browser.text("#failed summary").isEmpty());
    }

    private static void until(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(condition::getAsBoolean);
    }

    private void untilRead(CannedActuator canned, int times) {
        int before = canned.reads.get();
        until(() -> canned.reads.get() > before + times);
    }

    private void untilHeadline(String part) {
        until(() -> browser.text("#headline").contains(part));
    }

    private int number(String expression) {
        return browser.evaluate(expression).asInt();
    }

    private String focused() {
        return browser.evaluate("document.activeElement.tagName").asText();
    }

    private String label(String chart) {
        return browser.evaluate("document.querySelector('" + chart + "').getAttribute('aria-label')")
                .asText();
    }

    private void picture(String name) {
        browser.picture(Path.of("target", "screenshots", "live-" + name + ".png"));
    }

    @Test
    void keepsAnOpenedRowWhateverArrivesAndWorksWithTheKeyboard() {
        CannedActuator canned = show("orders");
        open(canned);
        for (int tabs = 0; tabs < 40 && !focused().equals("SUMMARY"); tabs++) {
            browser.press("Tab", TAB);
        }
        browser.press("Enter", ENTER);
        until(() -> browser.text("details[open] dl").contains("statement"));
        String opened = browser.text("details[open] code");

        untilRead(canned, 60);

        assertThat(browser.text("details[open] code")).isEqualTo(opened);
        assertThat(focused()).isEqualTo("SUMMARY");
    }

    @Test
    void copiesTheStatementsId() {
        CannedActuator canned = prepare("orders");
        canned.rows = 1;
        open(canned);
        browser.evaluate("document.querySelector('#failed details').open = true");
        until(() -> !browser.text("#failed button.copy").isEmpty());

        browser.click("#failed button.copy");

        until(() -> browser.text("#failed button.copy").matches("copied|selected"));
    }

    @Test
    void showsStringsOfAnAttackerAsText() {
        CannedActuator canned = show(CannedActuator.HOSTILE);
        open(canned);
        browser.evaluate("document.querySelectorAll('summary').forEach(row => row.click())");
        untilRead(canned, 3);

        assertThat(browser.evaluate("document.title").asText()).isEqualTo("Databricks SQL telemetry");
        assertThat(number("document.querySelectorAll('img').length")).isZero();
        assertThat(number("document.querySelectorAll('a[href^=javascript]').length"))
                .isZero();
        assertThat(browser.text("#sources h3")).isEqualTo(CannedActuator.HOSTILE);
        picture("8-hostile");
    }

    @Test
    void fitsEachWindowWithLongNames() {
        CannedActuator canned = show("a-very-long-name-without-a-gap".repeat(4));
        open(canned);
        browser.evaluate("document.querySelector('#failed details').open = true");
        for (int width : WIDTHS) {
            browser.window(width, 844, width < 500, false);
            until(() -> number("innerWidth") == width);
            assertThat(number("document.documentElement.scrollWidth"))
                    .as("width at %s", width)
                    .isLessThanOrEqualTo(width);
            assertThat(browser.evaluate("[...document.querySelectorAll('header *, #story *, main *')]"
                                    + ".filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
                                    + ".map(e => e.tagName + ' ' + e.id + ' ' + e.className).join('; ')")
                            .asText())
                    .as("what sticks out at %s", width)
                    .isEmpty();
        }
        picture("9-long-names");
    }

    @Test
    void drawsSpikesWholeAndNoLabelCutOrOverAnother() {
        browser.beforeEachPage(NOTE_THE_DRAWING);
        CannedActuator canned = show("orders");
        open(canned);
        canned.failed = 5;
        canned.slow = 30;
        untilRead(canned, 2);
        assertThat(label("#chart-rate")).contains("failures");
        untilRead(canned, 60);

        for (int width : WIDTHS) {
            browser.window(width, 844, width < 500, false);
            until(() -> number("innerWidth") == width);
            untilRead(canned, 1);
            assertThat(browser.evaluate(BROKEN_LABELS).asText())
                    .as("at %s", width)
                    .isEmpty();
            assertThat(number("[...document.querySelectorAll('.band span')]"
                            + ".filter(e => e.textContent && e.scrollWidth > e.clientWidth).length"))
                    .isZero();
        }
        assertThat(number("[...drawn.values()].flat().filter(label => label.text.includes(':')).length"))
                .as("labels of time")
                .isGreaterThan(6);
        assertThat(number("highest")).as("pixels below the top").isGreaterThanOrEqualTo(8);
    }

    @Test
    void showsFailuresAndOneDataSourceOfSeveral() {
        CannedActuator canned = show("orders");
        open(canned);
        canned.failed = 8;
        untilHeadline("failed in the last 10 seconds");
        assertThat(label("#chart-rate")).startsWith("statements 20, failures ");

        browser.evaluate("(() => { const list = document.querySelector('#source'); list.value = 'idle';"
                + " list.dispatchEvent(new Event('change')); })()");

        until(() -> label("#chart-rate").equals("statements 0, failures 0"));
        untilRead(canned, 2);
        assertThat(browser.evaluate("document.querySelector('#source').value").asText())
                .isEqualTo("idle");
    }

    @Test
    void saysWhatWasDroppedDuringAnOutage() {
        CannedActuator canned = show("orders");
        open(canned);
        canned.breaker = "OPEN";
        untilHeadline("The circuit breaker of orders is open");
        canned.count.addAndGet(1_200);
        canned.dropped = 1_200;
        untilRead(canned, 2);

        canned.breaker = "CLOSED";

        untilHeadline("Delivery works again.");
        assertThat(browser.text("#detail")).contains("1,200 events and metrics were dropped during the outage");
        assertThat(browser.text("#dropped")).isEqualTo("Dropped since the start: overflow 1,200.");
        assertThat(label("#band-dropped")).isEqualTo("Dropped: overflow");
        assertThat(label("#band-breaker")).isEqualTo("Circuit breaker: closed, then open, then closed");
    }

    @Test
    void countsOneAsOne() {
        CannedActuator canned = prepare("orders");
        canned.load = 1;
        canned.rows = 1;
        open(canned);
        browser.evaluate("document.querySelectorAll('summary').forEach(row => row.click())");
        assertThat(number("document.querySelectorAll('.sum b[data-holds=true]').length"))
                .isEqualTo(2);
        String everything = browser.evaluate("document.body.innerText").asText();
        assertThat(everything)
                .contains("1 event = ", "1 metric = ", "1 chunk")
                .doesNotContainPattern("\\b1 (events|metrics|statements|failures|chunks|rows)\\b")
                .doesNotContainPattern("\\d, \\d{3}\\b");
    }

    @Test
    void speaksAtMostOnceInTenSeconds() {
        CannedActuator canned = prepare("orders");
        open(canned);
        browser.evaluate("window.said = 0; new MutationObserver(() => said++).observe("
                + "document.querySelector('#spoken'), { childList: true, characterData: true, subtree: true });"
                + "window.moods = 0; new MutationObserver(() => moods++).observe("
                + "document.querySelector('#story'), { attributeFilter: ['data-mood'] });");
        canned.flaps = true;
        browser.advance(60_000);
        untilRead(canned, 25);

        assertThat(number("moods")).isGreaterThan(10);
        assertThat(number("said")).isBetween(1, 7);
    }

    @Test
    void isNeverGreenWhereTheEndpointIsNotRead() {
        CannedActuator canned = show("orders");
        open(canned);
        Map<Reply, String> headlines = Map.of(
                new Reply(302, "text/html", "/login"), "The application wants a login.",
                new Reply(401, "application/json", null), "The application wants a login.",
                new Reply(200, "text/html", null), "The application wants a login.",
                new Reply(403, "application/json", null), "The application does not let this page read its endpoint.",
                new Reply(404, "application/json", null), "The endpoint databrickstelemetry is not exposed.",
                new Reply(502, "text/html", null), "The application does not answer.");
        headlines.forEach((reply, headline) -> {
            untilHeadline("All is well.");

            canned.instead = reply;

            untilHeadline(headline);
            assertThat(browser.evaluate("document.querySelector('#story').dataset.mood")
                            .asText())
                    .isEqualTo("down");
            assertThat(browser.text("#detail")).contains("The last response came ");
            assertThat(browser.text("#connection")).isEqualTo("no response");
            canned.instead = null;
        });
        untilHeadline("All is well.");
        assertThat(canned.logins.get()).as("redirects that were followed").isZero();
    }

    @Test
    void isNotGreenWhileTheApplicationHangs() {
        CannedActuator canned = show("orders");
        open(canned);
        untilHeadline("All is well.");

        canned.hangs = true;

        untilHeadline("The application does not answer.");
        assertThat(browser.text("#detail")).startsWith("No response within 5 seconds. The last response came ");
        picture("10-hanging");
    }

    @Test
    void saysWhyAnActionWasRefused() {
        CannedActuator canned = prepare("orders");
        open(canned);
        until(() ->
                !browser.evaluate("document.querySelector('#actions').hidden").asBoolean());
        canned.instead = new Reply(403, "application/json", null);
        flush();
        until(() -> browser.text("#answer").contains("a cookie named XSRF-TOKEN, and there is none"));

        canned.instead = new Reply(401, "application/json", null);
        flush();

        until(() -> browser.text("#answer").contains("Reload this page and log in."));
    }

    private void flush() {
        browser.click("[data-action=FLUSH]");
        browser.click("#yes");
    }

    @Test
    void reachesEverythingWithTheKeyboardAndFewTabStops() {
        CannedActuator canned = prepare("orders");
        canned.rows = 50;
        open(canned);
        until(() ->
                !browser.evaluate("document.querySelector('#actions').hidden").asBoolean());

        browser.press("Tab", TAB);
        assertThat(browser.evaluate("document.activeElement.className").asText())
                .isEqualTo("skip");
        browser.press("Enter", ENTER);
        assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("statements");
        browser.press("Tab", TAB);
        assertThat(focused()).isEqualTo("SUMMARY");
        assertThat(number("[...document.querySelectorAll('a[href], button, select, summary, input')]"
                        + ".filter(e => e.checkVisibility()).length"))
                .isLessThan(25);
    }

    @Test
    void keepsTheStoryInSightOnAPhone() {
        browser.window(390, 844, true, false);
        open(show("orders"));
        browser.evaluate("document.querySelector('#chart-phases').scrollIntoView({ block: 'end' })");

        assertThat(number("scrollY")).isPositive();
        assertThat(number("document.querySelector('#story').getBoundingClientRect().top"))
                .isZero();
        assertThat(number("document.querySelector('#chart-rate').getBoundingClientRect().top"))
                .as("a chart below the story")
                .isLessThan(844);
    }

    @Test
    void movesNothingWhereAPersonAsksForThat() {
        CannedActuator canned = show("orders");
        browser.media(Map.of("prefers-reduced-motion", "reduce"));
        open(canned);

        assertThat(longestMotion()).as("seconds of motion").isZero();
        browser.evaluate("window.moved = 0; document.addEventListener('transitionrun', () => moved++);"
                + " document.addEventListener('animationstart', () => moved++);");
        canned.breaker = "OPEN";
        untilHeadline("is open");
        untilRead(canned, 1);
        assertThat(number("moved + document.getAnimations().length")).isZero();
    }

    private double longestMotion() {
        return browser.evaluate("Math.max(...[...document.querySelectorAll('*')].flatMap(e => {"
                        + " const s = getComputedStyle(e);"
                        + " return [parseFloat(s.transitionDuration), parseFloat(s.animationDuration) || 0]; }))")
                .asDouble();
    }

    @Test
    void staysBoundedHoweverLongItIsOpen() {
        CannedActuator canned = show("orders");
        canned.idle = 40;
        open(canned);
        long atFirst = browser.heap();
        untilRead(canned, TEN_MINUTES);
        int nodes = nodes();
        long full = browser.heap();

        untilRead(canned, TEN_MINUTES / 2);

        assertThat(nodes()).isLessThan(nodes + 50);
        assertThat(browser.heap() - full)
                .as("growth after the %s bytes of the first ten minutes", full - atFirst)
                .isLessThan((full - atFirst) / 4);
    }

    private int nodes() {
        return number("document.querySelectorAll('*').length");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hasNoFaultThatAxeFinds(boolean dark) throws Exception {
        String axe = Axe.script();
        CannedActuator canned = show("orders");
        open(canned);
        browser.evaluate(axe + "; null");
        browser.evaluate("document.querySelector('#failed details').open = true");
        for (int width : List.of(390, 768, 1024, 1440)) {
            browser.window(width, 844, width < 500, dark);
            untilHeadline("All is well.");
            violations("at " + width);
        }
        canned.breaker = "OPEN";
        untilHeadline("is open");
        violations("during an outage");
        canned.dropped = 10;
        canned.breaker = "HALF_OPEN";
        untilHeadline("half open");
        violations("while half open");
        browser.click("[data-action=PAUSE]");
        violations("in the dialog");
        browser.click("button[value=no]");
        canned.instead = new Reply(500, "text/html", null);
        untilHeadline("The application does not answer.");
        violations("while the application is down");
        picture(dark ? "11-down-dark" : "12-down");
    }

    private void violations(String when) {
        browser.evaluate("window.violations = null; axe.run().then(r => { window.violations ="
                + " r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target).join(' ')); }); null");
        until(() -> browser.evaluate("Array.isArray(window.violations)").asBoolean());
        assertThat(browser.evaluate("window.violations.join('; ')").asText())
                .as(when)
                .isEmpty();
    }
}
