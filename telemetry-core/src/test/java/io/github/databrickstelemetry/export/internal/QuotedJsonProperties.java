package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.ErrorMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorKind;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.ResultFormat;
import io.github.databrickstelemetry.event.SessionFixture;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.testing.Targets;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The encoder against Jackson, byte for byte. */
class QuotedJsonProperties {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String[] HOSTILE = {
        "\"",
        "\\",
        "\\\"",
        "\\u0000",
        "\u0000",
        "\b\t\n\f\r",
        "\u001f",
        "\u007f",
        "\u0080",
        "\u00e9",
        "\u07ff",
        "\u0800",
        "\u2028",
        "\uffff",
        "\ud83d\ude00",
        "\ud83d",
        "\ude00",
        "\ude00\ud83d",
        "</script>",
        "{\"a\":1}",
        "plain words "
    };

    private final WireMapper mapper =
            new WireMapper(Targets.of("dbc-1.cloud.databricks.com").build(), SystemConfiguration.current("or\"ders\n"));

    private static void same(WireWriter.Part document) throws IOException {
        byte[] quoted = new QuotedJson().quoted(document);
        assertThat(quoted).isEqualTo(JacksonWriter.quoted(document));
        JsonNode outer = MAPPER.readTree(quoted);
        assertThat(outer.isTextual()).isTrue();
        assertThat(MAPPER.readTree(outer.asText()).isObject()).isTrue();
    }

    @Property
    void writesAnyMetricAsJacksonDoes(@ForAll long seed) throws IOException {
        Anything any = new Anything(new Random(seed));
        same(mapper.map(any.metric()));
    }

    @Property
    void writesAnyStringAsJacksonDoes(@ForAll String value) throws IOException {
        same(out -> {
            out.text("text", value);
            out.value("value", value);
            out.value(value, value);
            out.value(value, true);
            out.object("inner", inner -> inner.stack("stack", value));
            out.object("empty", inner -> inner.text("nothing", null));
            out.text("after", "it");
        });
    }

    @Property
    void writesAnyNumberAsJacksonDoes(@ForAll long number, @ForAll int small, @ForAll boolean flag) throws IOException {
        same(out -> {
            out.number("long", number);
            out.number("int", small);
            out.value("value", number);
            out.value("flag", flag);
            out.flag("told", flag);
        });
    }

    @Example
    void writesEveryCharacterAndEveryPowerOfTen() throws IOException {
        same(out -> {
            for (int c = 0; c <= Character.MAX_VALUE; c += 512) {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < 512; i++) {
                    text.append((char) (c + i));
                }
                out.text("c", text.toString());
            }
            for (long power = 1; power > 0 && power <= Long.MAX_VALUE / 10; power *= 10) {
                out.number("above", power);
                out.number("below", power - 1);
                out.number("negative", -power);
            }
            out.number("least", Long.MIN_VALUE);
            out.number("most", Long.MAX_VALUE);
            out.value("zero", 0);
        });
    }

    @Example
    void cutsMegabytesOfWhateverTheyAreMadeOf() throws IOException {
        for (String piece : HOSTILE) {
            String text = piece.repeat(1_000_000 / piece.length());
            WireWriter.Part document = out -> {
                out.text("text", text);
                out.text("odd", "x" + text);
                out.stack("stack", text);
            };
            same(document);
            // The worst character is seven bytes long.
            assertThat(new QuotedJson().quoted(document))
                    .hasSizeLessThan(7 * (2 * WireWriter.LONGEST_TEXT + WireWriter.LONGEST_STACK) + 100);
        }
    }

    /** Metrics of everything that a driver, a server or an application could put into them. */
    private static final class Anything {

        private final Random random;

        Anything(Random random) {
            this.random = random;
        }

        TelemetryMetric metric() {
            TelemetrySession session = SessionFixture.session(text(), details());
            return switch (random.nextInt(4)) {
                case 0 -> new SessionMetric(text(), session, number(), one(OperationType.values()), number());
                case 1 -> new ErrorMetric(text(), session, number(), text(), failure());
                default ->
                    new StatementMetric(
                            text(),
                            session,
                            number(),
                            text(),
                            one(OperationType.values()),
                            one(StatementType.values()),
                            false,
                            number(),
                            random.nextInt(4) == 0 ? null : result(),
                            random.nextInt(3) == 0 ? failure() : null);
            };
        }

        private ConnectionDetails details() {
            Map<String, Object> parameters = new HashMap<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                Object value = random.nextBoolean() ? number() : random.nextBoolean() ? text() : random.nextBoolean();
                parameters.put("key \"" + i, value);
            }
            return new ConnectionDetails(text(), text(), text(), text(), text(), text(), text(), parameters);
        }

        private StatementResult result() {
            return new StatementResult(
                    text(),
                    one(ResultFormat.values()),
                    random.nextBoolean(),
                    new StatementResult.Chunks(number(), number(), number(), number(), number()),
                    new StatementResult.Polls((int) number(), number()),
                    new StatementResult.Latency(number(), number()),
                    (int) number());
        }

        private ErrorDetails failure() {
            return new ErrorDetails(
                    one(ErrorKind.values()), text(), text(), (int) number(), random.nextInt(600), text(), text());
        }

        private long number() {
            return switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> random.nextInt(1000);
                default -> random.nextLong() >> random.nextInt(64);
            };
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(one(HOSTILE).repeat(random.nextInt(10) == 0 ? 300 : 1));
            }
            return text.toString();
        }

        private <T> T one(T[] values) {
            return values[random.nextInt(values.length)];
        }
    }
}
