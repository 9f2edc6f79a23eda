package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.jdbc.api.impl.DatabricksConnectionContext;
import com.databricks.jdbc.telemetry.TelemetryHelper;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverOverridesTest {

    private static final String URL = "jdbc:databricks://h;httpPath=/sql/1.0/warehouses/a";

    private final DriverOverrides overrides = new DriverOverrides(
            RecordingTelemetry.observed("bean", DriverAdapter.NONE, DatabricksDriver.TELEMETRY_OFF),
            DatabricksDriver.TELEMETRY_OFF);

    @Test
    void leaveAUrlAloneThatSetsNoneOfThem() {
        assertThat(overrides.url(URL)).isEqualTo(URL);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:databricks://h;EnableTelemetry=1, jdbc:databricks://h;EnableTelemetry=0",
        "jdbc:databricks://h/s;a=b=c;enabletelemetry=1;PWD=x;, jdbc:databricks://h/s;a=b=c;enabletelemetry=0;PWD=x;",
        "jdbc:databricks://h;FORCEENABLETELEMETRY=1;x, jdbc:databricks://h;FORCEENABLETELEMETRY=0;x",
        "jdbc:databricks://h;EnableTelemetry=1;telemetryLogLevel=TRACE;EnableTelemetry=1, "
                + "jdbc:databricks://h;EnableTelemetry=0;telemetryLogLevel=OFF;EnableTelemetry=0",
    })
    void changeNothingElseOfAUrl(String url, String expected) {
        assertThat(overrides.url(url)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";EnableTelemetry=1",
                ";EnableTelemetry=1;ForceEnableTelemetry=1",
                ";forceenabletelemetry=1;TELEMETRYLOGLEVEL=6",
            })
    void silenceTheDriverWhateverTheUrlSays(String parameters) throws Exception {
        String url = URL + parameters;

        assertThat(TelemetryHelper.isTelemetryAllowedForConnection(
                        DatabricksConnectionContext.parse(overrides.url(url), overrides.properties(null, url))))
                .isFalse();
    }
}
