package io.github.databrickstelemetry.flag.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagDocumentTest {

    private static final String FLAG = "the.flag";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`flags`:[{`name`:`the.flag`,`value`:`true`}],`ttl_seconds`:900}                     | true  | 900",
                "{`ttl_seconds`:900.5,`flags`:[{`value`:`TRUE`,`name`:`the.flag`}]}                   | TRUE  | 900.5",
                "{`flags`:[{`name`:`other`,`value`:`a`},{`name`:`the.flag`,`value`:false}]}           | false |",
                "{`flags`:[{`name`:`the.flag`,`value`:`a`},{`name`:`the.flag`,`value`:`b`}]}          | a     |",
                "{`flags`:[{`name`:`the.flag`,`value`:1}],`ttl_seconds`:`900`}                        | 1     |",
                "{`flags`:[{`name`:`the.flag`,`value`:null}],`ttl_seconds`:null}                      | null  |",
                "{`flags`:[],`ttl_seconds`:99999999999999999999999999}                                |       | 1e26",
                "{`flags`:[[{`name`:`the.flag`,`value`:`true`}],7,`the.flag`,null]}                   |       |",
                "{`flags`:[{`name`:[`the.flag`],`value`:`true`}]}                                     |       |",
                "{`flags`:[{`of`:{`name`:`the.flag`},`value`:`true`}]}                                |       |",
                "{`flags`:[{`x`:[{`value`:1}],`name`:`the.flag`,`value`:`v`}],`x`:[1,{`y`:2}]}        | v     |",
                "{} trailing                                                                          |       |"
            })
    void reads(String json, @Nullable String value, @Nullable Double ttlSeconds) throws IOException {
        assertThat(read(json)).isEqualTo(new FlagDocument(value, ttlSeconds, null));
    }

    @Test
    void aFlagWithoutAValueIsThere() throws IOException {
        assertThat(read("{`flags`:[{`name`:`the.flag`,`value`:{`a`:1}}]}")).isEqualTo(new FlagDocument("", null, null));
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
    void isNullWhereTheDocumentIsNotTheServices(String json) throws IOException {
        assertThat(read(json)).isNull();
    }

    @Test
    void readsTheCodeOfAnError() throws IOException {
        assertThat(read("{`error_code`:`NOT_FOUND`,`message`:`m`}"))
                .isEqualTo(new FlagDocument(null, null, "NOT_FOUND"));
    }

    @Test
    void refusesWhatEndsTooEarlyWhereverThatIs() {
        String whole = "{`flags`:[{`name`:`the.flag`,`value`:[`a`,{`b`:1}]},7],`ttl_seconds`:900}";
        for (int length = 1; length < whole.length(); length++) {
            String part = whole.substring(0, length);
            assertThatExceptionOfType(IOException.class).as(part).isThrownBy(() -> read(part));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{`flags`:[}", "{`flags`:[{]}", "{`flags`", "{flags:1}", "{`ttl_seconds`:NaN}", "<html>"})
    void refusesWhatIsNoJson(String json) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(json));
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> read("{`flags`:" + "[".repeat(100_000)));
    }

    private static @Nullable FlagDocument read(String json) throws IOException {
        byte[] body = json.replace('`', '"').getBytes(UTF_8);
        return FlagDocument.read(new WorkspaceResponse(200, null, null, body), FLAG);
    }
}
