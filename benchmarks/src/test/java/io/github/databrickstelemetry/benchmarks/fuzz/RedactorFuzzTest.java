package io.github.databrickstelemetry.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.InRange;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.github.databrickstelemetry.failure.internal.Redactor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RedactorFuzzTest {

    /** No words of English, so that a text does not hold them by chance. */
    private static final String HEAD = "Zq7";

    private static final String TAIL = "7qZ";

    /** What makes it a secret is around it. */
    private static final List<String> FORMS = read("/redactor-forms.txt");

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

    /** The forms of core's own test, written as Java escapes. */
    private static List<String> read(String resource) {
        try (InputStream in = RedactorFuzzTest.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::translateEscapes)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

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
            @InRange(min = 0, max = 27) int form,
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
