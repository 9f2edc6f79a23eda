package io.github.databrickstelemetry.failure.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RedactorProperties {

    private static final List<String> PIECES = List.of(
            "password",
            "PWD",
            "token",
            "client_secret",
            "Authorization",
            "http.header.x",
            "sig",
            "Bearer",
            "basic",
            "dapi",
            "dose",
            "dskea",
            "0123456789abcdef",
            "eyJ",
            "eyJhbGciOiJ",
            "://",
            "https://",
            "jdbc:databricks://h",
            "/home/",
            "/tmp/",
            "\\Users\\",
            "\\\\",
            "C:",
            "-----BEGIN ",
            "-----END",
            "%3D",
            "%20",
            "=",
            ":",
            ";",
            "&",
            ",",
            ", ",
            " ",
            "\n",
            "\t",
            "\"",
            "'",
            "\\",
            "\\\"",
            "[",
            "]",
            "{",
            "}",
            "(",
            ")",
            "@",
            "/",
            "?",
            "#",
            ".",
            "-",
            "_",
            "*",
            "***",
            "\u2026",
            ">",
            "|",
            "a",
            "ann",
            "42",
            "\u00e4",
            "\ud83d\ude00",
            "\ud83d",
            "\u0000",
            "\u0130",
            "\u00a0");

    private final Redactor redactor = new Redactor();

    @Property(tries = 5_000)
    void redactingAgainChangesNothing(@ForAll("hostile") String text) {
        String once = redactor.redact(text);
        assertThat(redactor.redact(once)).isEqualTo(once);
    }

    @Property(tries = 5_000)
    void redactingWhatTheCapCutChangesNothing(@ForAll("hostile") String text) {
        Redactor capped = new Redactor(60, 20);
        String once = capped.redact(text);
        assertThat(once).hasSizeLessThanOrEqualTo(20);
        assertThat(capped.redact(once)).isEqualTo(once);
    }

    @Property
    void anyStringIsSurvived(@ForAll String text) {
        String once = redactor.redact(text);
        assertThat(redactor.redact(once)).isEqualTo(once);
    }

    @Property(tries = 2_000)
    void noSecretOfAnyFormSurvives(
            @ForAll("innocent") String before, @ForAll("forms") String form, @ForAll("innocent") String after) {
        assertThat(redactor.redact(before + " " + form + " " + after)).doesNotContain("Zq7");
    }

    @Property(tries = 2_000)
    void noSecretSurvivesTheCapWhereverItCuts(@ForAll("innocent") String before, @ForAll("forms") String form) {
        String text = before + " " + form;
        for (int cap = 1; cap < text.length(); cap += 7) {
            assertThat(new Redactor(cap, cap).redact(text)).doesNotContain("Zq7");
        }
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.of(PIECES).list().ofMaxSize(30).map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<String> innocent() {
        return Arbitraries.of("the", "table", "was", "not", "found", "in", "catalog,", "(42P01)", "[CODE]", "a.b.c")
                .list()
                .ofMaxSize(8)
                .map(words -> String.join(" ", words));
    }

    /** The secret is recognisable by its beginning, and what makes it a secret is around it. */
    @Provide
    Arbitrary<String> forms() {
        Arbitrary<String> secret = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .ofMinLength(5)
                .ofMaxLength(60)
                .map(body -> "Zq7" + body);
        Arbitrary<String> template = Arbitraries.of(readForms());
        return Combinators.combine(template, secret).as((form, value) -> form.replace("%s", value));
    }

    /** One form a line, written as Java escapes; the fuzz test uses them as well. */
    private static List<String> readForms() {
        try (InputStream in = RedactorProperties.class.getResourceAsStream("/redactor-forms.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::translateEscapes)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
