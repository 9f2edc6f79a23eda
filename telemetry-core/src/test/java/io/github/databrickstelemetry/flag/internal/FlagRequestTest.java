package io.github.databrickstelemetry.flag.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.flag.internal.FlagRequest.Failed;
import io.github.databrickstelemetry.flag.internal.FlagRequest.FlagResponse;
import io.github.databrickstelemetry.flag.internal.FlagRequest.Known;
import io.github.databrickstelemetry.testing.FakeChannel;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

/** What a response of the flag service means, whatever it looks like. */
class FlagRequestTest {

    private static final TelemetryTarget TARGET = Targets.of("workspace.example.com")
            .flag(new FeatureFlagSettings(true, "the.flag", "OSS_JDBC", Duration.ofMinutes(15), null))
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`flags`:[{`name`:`the.flag`,`value`:`true`}],`ttl_seconds`:800}                     | true  | 800",
                "{`ttl_seconds`:800.5,`flags`:[{`value`:`TRUE`,`name`:`the.flag`}]}                   | true  | 800",
                "{`flags`:[{`name`:`other`,`value`:`a`},{`name`:`the.flag`,`value`:true}]}            | true  | 900",
                "{`flags`:[{`name`:`the.flag`,`value`:`true`},{`name`:`the.flag`,`value`:`false`}]}   | true  | 900",
                "{`flags`:[{`name`:`the.flag`,`value`:`false`},{`name`:`the.flag`,`value`:`true`}]}   | false | 900",
                "{`flags`:[{`name`:`the.flag`,`value`:1}],`ttl_seconds`:`800`}                        | false | 900",
                "{`flags`:[{`name`:`the.flag`,`value`:null}],`ttl_seconds`:null}                      | false | 900",
                "{`flags`:[{`name`:`the.flag`,`value`:{`a`:true}}]}                                   | false | 900",
                "{`flags`:[{`name`:`the.flag`,`value`:`true`}],`ttl_seconds`:99999999999999999999999} | true  | 3600",
                "{`flags`:[{`x`:[{`value`:1}],`name`:`the.flag`,`value`:`true`}],`x`:[1,{`y`:2}]}     | true  | 900"
            })
    void readsTheFlag(String json, boolean enabled, long ttlSeconds) {
        assertThat(response(200, json)).isEqualTo(new Known(enabled, Duration.ofSeconds(ttlSeconds), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{`flags`:[]}",
                "{`flags`:[[{`name`:`the.flag`,`value`:`true`}],7,`the.flag`,null]}",
                "{`flags`:[{`name`:[`the.flag`],`value`:`true`}]}",
                "{`flags`:[{`of`:{`name`:`the.flag`},`value`:`true`}]}",
                "{`error_code`:`NOT_FOUND`}",
                "{} trailing"
            })
    void isOffWithoutTheFlag(String json) {
        assertThat(response(200, json)).isEqualTo(new Known(false, Duration.ofMinutes(15), "NoSuchFlag"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "[{}]",
                "null",
                "true",
                "7",
                "`flags`",
                "{`message`:`log in first`}",
                "{`flags`:{`name`:`the.flag`,`value`:`true`}}",
                "{`other`:{`flags`:[{`name`:`the.flag`,`value`:`true`}],`ttl_seconds`:1}}",
                "{`error_code`:{}}"
            })
    void failsWhereTheDocumentIsNotTheServices(String json) {
        assertThat(response(200, json)).isEqualTo(new Failed("NoFlagDocument"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`error_code`:`NOT_FOUND`,`message`:`m`} | true",
                "{`error_code`:{}} | false",
                "[`error_code`] | false"
            })
    void isOffAfterAnErrorWithACodeOfTheService(String json, boolean off) {
        FlagResponse response = response(404, json);

        assertThat(response.error()).isEqualTo("HTTP 404");
        assertThat(response instanceof Known).isEqualTo(off);
    }

    @Test
    void failsWhereTheDocumentEndsTooEarlyWhereverThatIs() {
        String whole = "{`flags`:[{`name`:`the.flag`,`value`:[`a`,{`b`:1}]},7],`ttl_seconds`:900}";
        for (int length = 1; length < whole.length(); length++) {
            assertUnreadable(whole.substring(0, length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{`flags`:[}", "{`flags`:[{]}", "{`flags`", "{flags:1}", "{`ttl_seconds`:NaN}", "<html>"})
    void failsWhereTheBodyIsNoJson(String json) {
        assertUnreadable(json);
    }

    @Test
    void failsWhereTheDocumentIsNestedTooDeep() {
        assertUnreadable("{`flags`:" + "[".repeat(100_000));
    }

    private static void assertUnreadable(String json) {
        assertThat(response(200, json).error()).as(json).endsWith("Exception");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"3.4.5,3.4.5", "3.4.5-oss,3.4.5", "3.4,3.4.0", "3,3.0.0", "3.4.5.6,3.4.5", "-,0.1.0", "x,0.1.0"})
    void sendsNumericVersionsOnly(@Nullable String version, String sent) {
        assertThat(FlagRequest.numeric(version, "0.1.0")).isEqualTo(sent);
    }

    private static FlagResponse response(int status, String json) {
        byte[] body = json.replace('`', '"').getBytes(UTF_8);
        FakeChannel channel = new FakeChannel(target -> new WorkspaceResponse(status, new HttpHeaders(), body));
        return new FlagRequest(null, new FakeClock()).send(TARGET, channel);
    }
}
