package io.github.databrickstelemetry.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.InRange;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.github.databrickstelemetry.failure.internal.Redactor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RedactorFuzzTest {

    /** No words of English, so that a text does not hold them by chance. */
    private static final String HEAD = "Zq7";

    private static final String TAIL = "7qZ";

    /** What makes it a secret is around it. */
    private static final List<String> FORMS = List.of(
            "Authorization: Bearer %s",
            "Authorization: Digest user=\"x\", response=\"%s\"",
            "bearer %s",
            "Basic %s",
            "\"password\":\"%s\"",
            "\"client_secret\" : \"a %s b\"",
            "\\\"access_token\\\":\\\"%s\\\"",
            "'refresh_token': '%s'",
            "client_secret=%s&scope=x",
            "scope=x&assertion=%s",
            "Cookie: a=b; sid=%s",
            "jdbc:databricks://h:443;PWD=%s;x=y",
            "jdbc:databricks://h:443;OAuth2Secret=a, b %s;x=y",
            "{Auth_AccessToken=%s, x=y}",
            "https://user:%s@host/path",
            "https://%s@host",
            "dapi%s",
            "dose%s",
            "dkea%s-2",
            "dskea%s",
            "dsapi%s",
            "eyJhbGciOi.%s.abc",
            "/home/%s/x",
            "C:\\Users\\%s\\x",
            "/tmp/%s",
            "\\\\%s\\share",
            "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----");

    private static final List<String> NEIGHBOURS = List.of(
            "",
            "the table was not found",
            "password=",
            "invalid token:",
            "Basic",
            "bearer",
            "\"secret\": \"x",
            "private_key=",
            "jdbc:databricks://h;x=y",
            "/home/ann",
            "\\\\host\\share",
            "-----BEGIN ",
            "eyJhbGciOiJ",
            "https://u:p@",
            "%3D",
            "\\",
            "\u2026***",
            "\ud83d");

    static Stream<Arguments> seeds() {
        List<Arguments> seeds = new ArrayList<>();
        for (int form = 0; form < FORMS.size(); form++) {
            for (String neighbour : NEIGHBOURS) {
                seeds.add(Arguments.of(neighbour, form, seeds.size() * 7_919L, neighbour, 4_096));
                seeds.add(Arguments.of(neighbour, form, seeds.size() * 7_919L, "", 10 + seeds.size() % 120));
            }
        }
        return seeds.stream();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void noSecretSurvivesWhateverStandsAroundIt(
            @NotNull String before,
            @InRange(min = 0, max = 26) int form,
            @InRange(min = 0, max = Long.MAX_VALUE) long body,
            @NotNull String after,
            @InRange(min = 1, max = 4_096) int cap) {
        if (holdsSecret(before) || holdsSecret(after)) {
            return;
        }
        String secret = HEAD + Long.toString(body, 36) + TAIL;
        String text = before + "\n" + FORMS.get(form).replace("%s", secret) + "\n" + after;
        assertThat(new Redactor(cap, cap).redact(text))
                .doesNotContain(HEAD, TAIL)
                .hasSizeLessThanOrEqualTo(cap);
        assertThat(new Redactor().redact(text)).doesNotContain(HEAD, TAIL).hasSizeLessThanOrEqualTo(2_048);
    }

    static Stream<Arguments> texts() {
        return NEIGHBOURS.stream()
                .flatMap(one -> NEIGHBOURS.stream().map(other -> Arguments.of(one + other + one, 16 + other.length())));
    }

    @MethodSource("texts")
    @FuzzTest(maxDuration = "2m")
    void redactingAgainChangesNothing(@NotNull String text, @InRange(min = 1, max = 4_096) int cap) {
        Redactor redactor = new Redactor(cap, cap);
        String once = redactor.redact(text);
        assertThat(once).hasSizeLessThanOrEqualTo(cap);
        assertThat(redactor.redact(once)).isEqualTo(once);
    }

    private static boolean holdsSecret(String text) {
        return text.contains(HEAD) || text.contains(TAIL);
    }
}
