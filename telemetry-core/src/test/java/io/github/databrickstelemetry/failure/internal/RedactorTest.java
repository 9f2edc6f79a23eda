package io.github.databrickstelemetry.failure.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

    private static final String JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmU";

    private final Redactor redactor = new Redactor();

    static Stream<Arguments> redacted() {
        return Stream.of(
                // headers
                Arguments.of("Authorization: Bearer abc.def", "Authorization: ***"),
                Arguments.of("authorization: Basic dTpw, next", "authorization: ***"),
                Arguments.of("sent Bearer abc.def-123 twice", "sent Bearer *** twice"),
                Arguments.of("sent bearer   x", "sent bearer   ***"),
                Arguments.of("auth=Bearer%20abcdef", "auth=Bearer%20***"),
                Arguments.of(
                        "[Authorization:\"Bearer abc\", Accept:\"*/*\"]", "[Authorization:\"***\", Accept:\"*/*\"]"),
                Arguments.of("{Authorization=[Bearer abc, Basic def]}\nnext", "{Authorization=[***\nnext"),
                Arguments.of("Basic dXNlcjpwYXNz", "Basic ***"),
                Arguments.of("Cookie: a=1; b=2\nHost: x", "Cookie: ***\nHost: x"),
                Arguments.of("token: Bearer abc def", "token: *** def"),
                // one secret's name, then another's
                Arguments.of("invalid token: Cookie: a=1; b=2", "invalid token: ***"),
                Arguments.of("invalid token: password= abc d", "invalid token: *** *** d"),
                Arguments.of("no token: bearer Basic abc d", "no token: *** d"),
                Arguments.of("Basic bearer abc d", "Basic bearer *** d"),
                Arguments.of("\"secret\": \"cut\nCookie: a=\"1\"; b=2", "\"secret\": \"***"),
                Arguments.of("token: jdbc:databricks://h;PWD=a, b;x=y", "token: ***;PWD=***;x=y"),
                Arguments.of(
                        "private_key=-----BEGIN X KEY-----\nabc\n-----END X KEY-----", "private_key=*** X KEY-----"),
                // Databricks tokens
                Arguments.of("use dapi0123456789abcdef0123456789abcdef now", "use *** now"),
                Arguments.of("use dapi0123456789abcdef0123456789abcdef-2.", "use ***."),
                Arguments.of("DOSE0123456789abcdef0123456789abcdef", "***"),
                Arguments.of("(dkea0123456789abcdef0123456789abcdef)", "(***)"),
                Arguments.of("'dskea0123456789abcdef0123456789abcdef'", "'***'"),
                Arguments.of("x=dsapi0123456789abcdef0123456789abcdef", "x=***"),
                Arguments.of("x%20dapi0123456789abcdef0123456789abcdef", "x%20***"),
                // JWT
                Arguments.of("got " + JWT + " back", "got *** back"),
                Arguments.of("x" + JWT, "x***"),
                Arguments.of("cut eyJhbGciOiJSU", "cut ***"),
                // JSON
                Arguments.of("{\"client_secret\":\"a b\",\"x\":1}", "{\"client_secret\":\"***\",\"x\":1}"),
                Arguments.of("{\"access_token\" : \"a\\\"b\" }", "{\"access_token\" : \"***\" }"),
                Arguments.of(
                        "{\\\"password\\\":\\\"abc\\\",\\\"x\\\":1}", "{\\\"password\\\":\\\"***\\\",\\\"x\\\":1}"),
                Arguments.of("{\"refresh_token\":12345}", "{\"refresh_token\":***"),
                Arguments.of("{\"id_token\":\"never closed", "{\"id_token\":\"***"),
                // forms and query strings
                Arguments.of("grant_type=x&client_secret=abc&scope=y", "grant_type=x&client_secret=***&scope=y"),
                Arguments.of("https://s3/x?X-Amz-Signature=ab12&n=1", "https://s3/x?X-Amz-Signature=***&n=1"),
                Arguments.of("https://blob/x?sp=r&sig=a%2Bb&n=1", "https://blob/x?sp=r&sig=***&n=1"),
                Arguments.of("url?u=%3Fpassword%3Dabc", "url?u=%3Fpassword%3D***"),
                // properties
                Arguments.of("{user=ann, password=a,b}", "{user=ann, password=***"),
                Arguments.of("{password=ab, user=ann}", "{password=***, user=ann}"),
                Arguments.of("pwd => abc", "pwd => ***"),
                Arguments.of("props['api-key'] = 'a b'", "props['api-key'] = '***'"),
                Arguments.of("password==abc", "password==***"),
                // URLs
                Arguments.of("https://ann:pw@host/x", "https://***@host/x"),
                Arguments.of("https://ann@host", "https://***@host"),
                Arguments.of("https://ann:p@w@host:443/", "https://***@host:443/"),
                Arguments.of("https://ann:p/w@host/", "https://***@host/"),
                // places
                Arguments.of("open /home/ann/x.pem failed", "open /home/*** failed"),
                Arguments.of("/Users/ann", "/Users/***"),
                Arguments.of("file:///home/ann/x", "file:///home/***"),
                Arguments.of("C:\\Users\\Ann Example\\k.jks: missing", "C:\\Users\\*** missing"),
                Arguments.of("c:\\\\users\\\\ann\\\\k.jks", "c:\\\\***"),
                Arguments.of("C:\\Documents and Settings\\ann", "C:\\Documents and Settings\\***"),
                Arguments.of("/tmp/hsperfdata_ann/12", "/tmp/***"),
                Arguments.of("/var/tmp/x-ann", "/var/tmp/***"),
                Arguments.of("/private/var/folders/ab/cd/T/x", "/private/var/folders/***"),
                Arguments.of("/run/user/1000/bus", "/run/user/***"),
                Arguments.of("C:\\Windows\\Temp\\ann.tmp", "C:\\Windows\\Temp\\***"),
                Arguments.of("\\\\server\\share\\file is gone", "\\\\*** is gone"),
                Arguments.of("\\\\\\\\server\\\\share", "\\\\\\\\***"),
                // keys
                Arguments.of(
                        "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "***-----END PRIVATE KEY-----"),
                Arguments.of("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "***"));
    }

    @ParameterizedTest
    @MethodSource
    void redacted(String text, String expected) {
        assertThat(redactor.redact(text)).isEqualTo(expected);
        assertThat(redactor.redact(expected)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Table not found",
                "[TABLE_OR_VIEW_NOT_FOUND] The table or view cannot be found. SQLSTATE: 42P01",
                "syntax error at or near token 'x'",
                "a dose of medicine, doses-and-more, dosemeter",
                "https://host:443/sql/1.0/warehouses/abc?o=12",
                "mail ann@example.com",
                "Key eyJ is short",
                "cardinality: 4, keys = 5",
                "standard basically debarred",
                "a -> b => c == d :: e",
                "home/x is relative"
            })
    void leavesTextWithoutSecretsAsItIs(String text) {
        assertThat(redactor.redact(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PWD",
                "password",
                "OAuth2Secret",
                "Auth_AccessToken",
                "Auth_RefreshToken",
                "OAuthRefreshToken",
                "proxypwd",
                "ProxyPwd",
                "cfproxypwd",
                "SSLKeyStorePwd",
                "SSLTrustStorePwd",
                "TokenCachePassPhrase",
                "Auth_JWT_Key_Passphrase",
                "http.header.X-Anything",
                "AUTH_ACCESSTOKEN"
            })
    void hidesEverySecretOfAJdbcUrlWithBlanksAndCommasInIt(String key) {
        String url = "jdbc:databricks://h:443/default;AuthMech=3;" + key + "=s3 cr,t&x;httpPath=/sql/1.0/warehouses/a";
        assertThat(redactor.redact("cannot open " + url))
                .isEqualTo("cannot open jdbc:databricks://h:443/default;AuthMech=3;" + key
                        + "=***;httpPath=/sql/1.0/warehouses/a");
        assertThat(redactor.redact("Invalid value " + key + "=s3crt&x=1")).doesNotContain("s3crt");
        assertThat(redactor.redact("{\"" + key + "\": \"s3 cr,t\"}")).isEqualTo("{\"" + key + "\": \"***\"}");
    }

    @ParameterizedTest
    @CsvSource({"tr", "az", "en"})
    void doesNotDependOnTheDefaultLocale(String language) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag(language));
            assertThat(redactor.redact("CLIENT_ASSERTION=abc HTTP.HEADER.ID=1"))
                    .isEqualTo("CLIENT_ASSERTION=*** HTTP.HEADER.ID=***");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void knowsNothingOfNull() {
        assertThat(redactor.redact(null)).isNull();
    }

    @Test
    void dropsTheWordThatTheInputCapCutsThroughBecauseHalfATokenIsNotRecognised() {
        Redactor capped = new Redactor(40, 40);
        assertThat(capped.redact("the next word is a token: not dapi0123456789abcdef"))
                .isEqualTo("the next word is a token: *** \u2026");
        assertThat(capped.redact("x".repeat(41))).isEqualTo("\u2026");
    }

    @Test
    void capsWhatItReturnsWithoutCuttingACharacterInHalf() {
        Redactor capped = new Redactor(100, 5);
        assertThat(capped.redact("abcdef")).isEqualTo("abcd\u2026");
        assertThat(capped.redact("abc\ud83d\ude00f")).isEqualTo("abc\u2026");
        assertThat(capped.redact("abcde")).isEqualTo("abcde");
    }

    /** Each would take minutes if any look ahead were repeated for every character. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "=",
                "a=",
                "password=",
                "password ",
                "password= ",
                "password=\"",
                "password=\\",
                "\\\"password\\\":\\\"",
                "bearer ",
                "bearer",
                "basic:",
                "dose-",
                "dapi",
                "dapiabcdef",
                "eyJ",
                "eyJaaaa ",
                "://",
                "://a:b",
                "https://a:b/",
                "@",
                "/home/",
                "/",
                "\\",
                "\\\\a ",
                "\\\\a                                                         \\",
                "-----BEGIN ",
                "-----BEGIN -----END",
                "cookie:",
                "cookie=\n",
                "bearer basic ",
                "%3d",
                "token %3d",
                "jdbc:;",
                "jdbc:token=",
                " ",
                "\"",
                "*",
                "\u2026"
            })
    void takesLinearTimeOnHostileText(String piece) {
        Redactor uncapped = new Redactor(2_000_000, 2_000_000);
        String repeated = piece.repeat(200_000 / piece.length());
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (String text : new String[] {
                repeated, "password=" + repeated, "password=\"" + repeated, "https://a:" + repeated, "\\\\" + repeated
            }) {
                String once = uncapped.redact(text);
                assertThat(uncapped.redact(once)).isEqualTo(once);
            }
        });
    }
}
