package io.github.databrickstelemetry.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;

/** The document as text. The browser's view of it is tested with the sample. */
class TelemetryPageTest {

    private static final Pattern POLICY =
            Pattern.compile("http-equiv=\"Content-Security-Policy\" content=\"([^\"]+)\"");
    private static final Pattern LOADED = Pattern.compile("\\s(?:src|href|action)=\"([^\"]*)\"");
    private static final Pattern HANDLER = Pattern.compile("<[^>]*\\son[a-z]+\\s*=");
    private static final List<String> OWN_SCRIPTS =
            List.of("format.js", "model.js", "story.js", "charts.js", "view.js", "statements.js", "page.js");

    @Test
    void holdsStylesScriptsAndTheChartLibraryItself() throws IOException {
        String html = TelemetryPageEndpoint.html();

        assertThat(html).doesNotContain("{{").contains("uPlot").contains("new StatementList");
        assertThat(LOADED.matcher(withoutScript(html)).results().map(match -> match.group(1)))
                .allMatch(address -> address.startsWith("#") || address.equals("data:,"));
    }

    @Test
    void runsOnlyTheScriptAndTheStyleThatThePolicyNames() throws Exception {
        String html = TelemetryPageEndpoint.html();
        Matcher policy = POLICY.matcher(html);

        assertThat(policy.find()).isTrue();
        assertThat(policy.group(1))
                .contains("default-src 'none'")
                .contains("script-src '" + hashOf(between(html, "<script>", "</script>")) + "'")
                .contains("style-src '" + hashOf(between(html, "<style>", "</style>")) + "'")
                .doesNotContain("unsafe");
        assertThat(html.split("<script", -1)).as("one script").hasSize(2);
    }

    @Test
    void hasNoInlineEventHandler() throws IOException {
        assertThat(HANDLER.matcher(withoutScript(TelemetryPageEndpoint.html()))
                        .results()
                        .map(MatchResult::group))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"})
    void neverTurnsTextIntoMarkupOrCode(String means) throws IOException {
        for (String script : OWN_SCRIPTS) {
            assertThat(new ClassPathResource("page/" + script, TelemetryPageEndpoint.class)
                            .getContentAsString(StandardCharsets.UTF_8))
                    .as(script)
                    .doesNotContain(means);
        }
    }

    private static String withoutScript(String html) {
        return html.replace(between(html, "<script>", "</script>"), "");
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        return text.substring(start, text.indexOf(to, start));
    }

    private static String hashOf(String text) throws Exception {
        return "sha256-"
                + Base64.getEncoder()
                        .encodeToString(
                                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
